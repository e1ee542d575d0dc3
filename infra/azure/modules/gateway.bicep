// API Management in front, as an option: one address, and a rate limit for each sender's key. It
// forwards every request; the app itself checks keys and tokens.
//
// Basic v2, because Consumption cannot limit by key. Bicep cannot read the gateway's outgoing addresses:
// set `callers` to them after the first deployment, so that no caller bypasses the gateway. Until then
// the app trusts only its own front end, sees the gateway's address for every caller, and refuses
// senders that are bound to networks. It never trusts an address that a caller invented. Tests to make
// once: infra/README.md.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param publisherEmail string
param appHostName string

@description('Requests in a minute with one key that the app accepts.')
param callsPerMinute int = 6000

@description('Requests in a minute from one address. Many citizens of a mobile network may share one.')
param callsPerMinuteOfAddress int = 30000

@description('Requests in a minute from one address with keys that the app refuses.')
param refusedCallsPerMinute int = 100

var byKey = replace(loadTextContent('gateway-policy.xml'), '{calls-per-minute}', string(callsPerMinute))
var byAddress = replace(byKey, '{calls-per-minute-of-address}', string(callsPerMinuteOfAddress))

resource gateway 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'BasicV2'
    capacity: 1
  }
  properties: {
    //checkov:skip=CKV_AZURE_107:the gateway calls nothing in a network
    //checkov:skip=CKV_AZURE_174:callers come from the internet, and the app behind the gateway checks keys and tokens
    publisherName: 'Recapito'
    publisherEmail: publisherEmail
  }
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: gateway
  name: 'recapito'
  properties: {
    displayName: 'Recapito'
    path: ''
    protocols: ['https']
    serviceUrl: 'https://${appHostName}'
    subscriptionRequired: false
    // In the default header senders send the app's keys, which the gateway would check as its own and
    // refuse. No caller uses these names.
    subscriptionKeyParameterNames: {
      header: 'X-Recapito-Gateway-Subscription'
      query: 'recapito-gateway-subscription'
    }
  }
}

resource operations 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' = [for method in ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']: {
  parent: api
  name: toLower(method)
  properties: {
    displayName: method
    method: method
    urlTemplate: '/*'
  }
}]

// The gateway has no diagnostics: its logs would have the URLs of requests.
resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: replace(byAddress, '{refused-calls-per-minute}', string(refusedCallsPerMinute))
  }
}

output hostName string = replace(gateway.properties.gatewayUrl, 'https://', '')
