// The Log Analytics workspace. A module of its own, because it is written twice: a transformation
// rule names its workspace, and the workspace names its rule.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param retentionDays int

@description('GB a day after which telemetry is dropped until the next day; -1 = none.')
param dailyCapGb int

@description('Resource id of the rule that masks what is ingested; empty before there is one.')
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
      // A person who may see a resource may see its logs, and no others.
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    defaultDataCollectionRuleResourceId: empty(transformationRuleId) ? null : transformationRuleId
  }
}

output id string = workspace.id
