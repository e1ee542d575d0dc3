// API Management in front, as an option: one address, and a rate limit for each sender's key. It
// forwards every request; the app itself checks keys and tokens.
//
// Basic v2, because Consumption cannot limit by key. Its outgoing addresses are not read from here:
// put them into `callers` once it runs, so that no caller bypasses it. Until then the app trusts
// its own front end alone, sees the gateway as every caller, and refuses senders that are bound to
// networks; it never believes an address that a caller made up. What must be tried once: infra/README.md.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param publisherEmail string
param appHostName string

@description('Requests that one key may make in a minute.')
param callsPerMinute int = 6000

resource gateway 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'BasicV2'
    capacity: 1
  }
  properties: {
    //checkov:skip=CKV_AZURE_107:there is nothing in a network that it calls
    //checkov:skip=CKV_AZURE_174:callers come from the internet, and keys and tokens are checked behind
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
    // The default header has our senders' keys, which the gateway would check as its own and refuse.
    // No caller uses these names.
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
    value: replace(loadTextContent('gateway-policy.xml'), '{calls-per-minute}', string(callsPerMinute))
  }
}

output hostName string = replace(gateway.properties.gatewayUrl, 'https://', '')
