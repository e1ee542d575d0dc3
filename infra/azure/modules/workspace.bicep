// The Log Analytics workspace. It has its own module, because a deployment writes it twice: the
// transformation rule names its workspace, and the workspace names its rule.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param retentionDays int

@description('GB a day after which telemetry is dropped until the next day; -1 = none.')
param dailyCapGb int

@description('Resource id of the rule that masks ingested data; empty before the rule exists.')
param transformationRuleId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
    features: {
      disableLocalAuth: true
      // A user with access to a resource may read the logs of this resource, and no others.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    defaultDataCollectionRuleResourceId: empty(transformationRuleId) ? null : transformationRuleId
  }
}

output id string = workspace.id
