// The function app on Flex Consumption, with its settings (settings.bicep). One update deploys both:
// two updates would replace the instances twice.
//
// Scaling is per function. All HTTP functions scale together, as the group `http`. Each queue
// function scales separately, as `function:<its name>`: a backlog in one queue, or in a poison queue,
// takes no instance from the others.
//
// Flex Consumption has no slots. An update stops all instances and starts new ones, or replaces them
// one by one with a preview of Azure. In both cases new instances must read what old instances wrote,
// and the reverse after a rollback.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param planName string
param name string
param identityId string

@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances that always run, each {name, instanceCount}; name: http, or function:fan_out_message and the like.')
param alwaysReady array

@description('Concurrent HTTP requests on one instance. The platform\'s default for Python is 1; the app is asynchronous.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('Keeps two instances of each scaling group running in different zones, and bills them.')
param zoneRedundant bool

@allowed(['RollingUpdate', 'Recreate'])
param updateStrategy string

@description('Subnet of the private network; empty = none.')
param subnetId string

@description('Networks, in CIDR form, that may call the app directly; empty = all.')
param callers array
param packagesUri string
param appSettings array // see settings.bicep
param workspaceId string
param insightsId string
param actionGroupId string

@description('Host name of the gateway in front of the app; empty = none.')
param frontHostName string
param withAvailabilityTest bool
param availabilityLocations array
param availabilitySeconds int
param quarterHourlyAlerts bool
param thresholds object

var allowed = [for (caller, index) in callers: {
  name: 'caller-${index}'
  action: 'Allow'
  priority: (100 + index)
  ipAddress: caller
}]

// Without a gateway, the availability test calls the app directly, also when `callers` closes it. The
// tag also admits the tests of other Azure customers; such requests still need a key or a token.
var looksItself = withAvailabilityTest && !empty(callers) && empty(frontHostName)

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    //checkov:skip=CKV_AZURE_225:a parameter, off by default because of its cost (infra/README.md)
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // By this tag azd finds the app of azure.yaml.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    //checkov:skip=CKV_AZURE_17:senders have keys and citizens have tokens; neither has a certificate
    //checkov:skip=CKV_AZURE_212:Flex Consumption counts instances by load; alwaysReady holds a minimum
    //checkov:skip=CKV_AZURE_213:Flex Consumption has no health check; the availability test checks from outside
    //checkov:skip=CKV_AZURE_222:callers come from the internet; the parameter callers restricts them
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
      appSettings: appSettings
      ipSecurityRestrictionsDefaultAction: empty(callers) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: concat(allowed, looksItself ? [
        {
          name: 'availability-test'
          action: 'Allow'
          priority: 90
          tag: 'ServiceTag'
          ipAddress: 'ApplicationInsightsAvailability'
        }
      ] : [])
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
      siteUpdateStrategy: {
        type: updateStrategy
      }
    }
  }
}

// Deployment requires an Entra token. No diagnostic setting: FunctionAppLogs would copy the host's
// log, with the URLs of requests, into a table without a mask.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

var publicHostName = empty(frontHostName) ? app.properties.defaultHostName : frontHostName

module alerts 'functions-alerts.bicep' = {
  name: 'functions-alerts'
  params: {
    name: name
    workspaceId: workspaceId
    insightsId: insightsId
    actionGroupId: actionGroupId
    hostName: publicHostName
    withAvailabilityTest: withAvailabilityTest
    availabilityLocations: availabilityLocations
    availabilitySeconds: availabilitySeconds
    quarterHourly: quarterHourlyAlerts
    thresholds: thresholds
  }
}

output name string = app.name
output publicHostName string = publicHostName
