// Telemetry: a workspace, Application Insights in it, the mask over both, and the receivers of alerts.
//
// IO's wire format has fiscal codes in paths, and the Functions host records the address of each
// request. So a transformation of the workspace replaces them before data are stored, in every
// table into which the host and the app write texts (infra/azure/declarations.py, decision 0008).

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param workspaceName string
param insightsName string
param alertEmail string
param retentionDays int
param dailyCapGb int

@description('Percentage of requests, traces and dependencies to keep; metrics are never sampled.')
param samplingPercentage int

@description('The rule of an earlier deployment; empty for the first one. Without it, a deployment removes the mask for a moment.')
param transformationRuleId string

var declarations = loadJsonContent('../declarations.json')

module unmasked 'workspace.bicep' = {
  name: 'workspace'
  params: {
    name: workspaceName
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
    transformationRuleId: transformationRuleId
  }
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

// The mask and the alerts need these tables, which a new workspace may not have yet.
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2023-09-01' = [for table in declarations.tables: {
  parent: workspace
  name: table
  properties: {
    plan: 'Analytics'
    retentionInDays: retentionDays
    totalRetentionInDays: retentionDays
  }
  dependsOn: [unmasked]
}]

resource mask 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: '${workspaceName}-mask'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    description: 'Replaces fiscal codes in telemetry before it is stored.'
    dataSources: {}
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspace.id
        }
      ]
    }
    dataFlows: [for transformation in declarations.transformations: {
      streams: ['Microsoft-Table-${transformation.table}']
      destinations: ['workspace']
      transformKql: transformation.kql
    }]
  }
  dependsOn: [tables]
}

module masked 'workspace.bicep' = {
  name: 'workspace-masked'
  params: {
    name: workspaceName
    retentionDays: retentionDays
    dailyCapGb: dailyCapGb
    transformationRuleId: mask.id
  }
}

// Created after the mask, so that the first record is masked.
resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: masked.outputs.id
    IngestionMode: 'LogAnalytics'
    // Telemetry needs the identity's token: Azure refuses the instrumentation key without it.
    DisableLocalAuth: true
    // The last octet of callers' addresses is dropped.
    DisableIpMasking: false
    SamplingPercentage: samplingPercentage
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${workspaceName}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'recapito'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource cap 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${workspaceName}-daily-cap'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Telemetry stopped at its daily cap'
    description: 'The workspace stores no more telemetry today, so no alert that queries it works. Runbook: infra/runbooks.md#telemetry-stopped-at-its-daily-cap'
    severity: 2
    enabled: true
    scopes: [masked.outputs.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT30M'
    autoMitigate: true
    // The workspace writes the first record of this table some time after its creation.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: '_LogOperation | where Category =~ "Ingestion" | where Detail has "OverQuota"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [people.id]
    }
  }
}

output workspaceId string = masked.outputs.id
output insightsName string = insights.name
output insightsId string = insights.id
output connectionString string = insights.properties.ConnectionString
output actionGroupId string = people.id
output transformationRuleId string = mask.id
