// The function app on Flex Consumption, with its settings (settings.bicep). Settings go with the app in
// one update: two would roll over its instances twice.
//
// Scaling is per function. All HTTP functions scale together, as the group `http`. Each queue
// function scales on its own, as `function:<its name>`: a batch cannot starve single messages, nor
// can poison queues starve live ones.
//
// Flex Consumption has no slots. An update stops all instances and starts new ones, or, with a
// preview of Azure, rolls over them; either way what the old ones wrote the new ones must read, and
// after a rollback the other way round.

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

@description('HTTP requests on one instance at a time. For Python the platform starts at 1; the app is asynchronous.')
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

@description('Host name of what stands in front; empty = nothing does.')
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

// The test calls a closed app directly when there is no gateway. The tag's addresses are those
// of everybody's tests, so it opens the door to requests, and not to anything that asks for a key.
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
    //checkov:skip=CKV_AZURE_225:a parameter, off by default for what it costs (infra/README.md)
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
    //checkov:skip=CKV_AZURE_213:Flex Consumption has no health check; the availability test looks from outside
    //checkov:skip=CKV_AZURE_222:callers come from the internet; the parameter callers closes it
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

// Deployment is by Entra token alone. No diagnostic setting: FunctionAppLogs would copy the host's
// log, addresses of requests included, into a table that nothing masks.
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
