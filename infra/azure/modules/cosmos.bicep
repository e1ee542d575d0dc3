// Azure Cosmos DB for NoSQL: the account, the database, the containers of lib/ports/schema/, its alerts.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param databaseName string

@description('serverless: pay for each request, one region. autoscale: pay for a throughput limit, any number of regions. free: the one free account of the subscription, 1,000 RU/s for all containers together.')
@allowed(['serverless', 'autoscale', 'free'])
param mode string

@description('Throughput limit of the container of messages in autoscale, in RU/s; when idle, a tenth of it is billed.')
@minValue(1000)
param messagesMaxThroughput int

@description('Throughput limit that all other containers share in autoscale, in RU/s.')
@minValue(1000)
param sharedMaxThroughput int

@description('Regions by their display names, such as Italy North; the first one is the write region. Serverless allows only one.')
@minLength(1)
param regions array
param zoneRedundant bool

@description('How far back a point-in-time restore reaches; 7 days are free.')
@allowed(['Continuous7Days', 'Continuous30Days'])
param backupTier string

@description('Disabled = reachable only by private endpoints.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string = 'Disabled'

@description('The number of refused requests (429) in 5 minutes that raises an alert.')
param throttledThreshold int
param workspaceId string
param actionGroupId string

var declarations = loadJsonContent('../declarations.json')
var isAutoscale = mode == 'autoscale'

// Messages have their own throughput: they are most of the data and of the requests, and a burst
// that uses it up must leave keys, profiles and claims readable. The other containers are small and
// share one throughput, which costs less than a minimal one for each.
var dedicated = ['messages']

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    //checkov:skip=CKV_AZURE_99:withPrivateNetwork disables public access by an expression that checkov does not evaluate; keys are always off
    databaseAccountOfferType: 'Standard'
    capabilities: (mode == 'serverless') ? [
      {
        name: 'EnableServerless'
      }
    ] : []
    enableFreeTier: (mode == 'free')
    // A partition saves unused throughput for five minutes, and uses it in seconds above the limit.
    enableBurstCapacity: (mode == 'serverless') ? null : true
    locations: [for (region, index) in regions: {
      locationName: region
      failoverPriority: index
      isZoneRedundant: zoneRedundant
    }]
    enableMultipleWriteLocations: false
    enableAutomaticFailover: (length(regions) > 1)
    // In the write region, a read sees every write that returned, also of other instances: one
    // instance accepts a message and another one fans it out (decision 0010). The bounds are Azure's minimum.
    consistencyPolicy: {
      defaultConsistencyLevel: 'BoundedStaleness'
      maxStalenessPrefix: length(regions) > 1 ? 100000 : 10
      maxIntervalInSeconds: length(regions) > 1 ? 300 : 5
    }
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: backupTier
      }
    }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: publicNetworkAccess
    networkAclBypass: 'None'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2024-11-15' = {
  parent: account
  name: databaseName
  properties: {
    resource: {
      id: databaseName
    }
    options: isAutoscale ? {
      autoscaleSettings: {
        maxThroughput: sharedMaxThroughput
      }
    } : (mode == 'free') ? {
      throughput: 1000
    } : {}
  }
}

// Batch size 1: a database refuses changes of several containers at once.
@batchSize(1)
resource containers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2024-11-15' = [for container in declarations.containers: {
  parent: database
  name: container.name
  properties: {
    resource: {
      id: container.name
      partitionKey: {
        paths: [container.partitionKey]
        kind: 'Hash'
        version: 2
      }
      defaultTtl: container.defaultTtl
      indexingPolicy: container.indexingPolicy
    }
    options: (isAutoscale && contains(dedicated, container.name)) ? {
      autoscaleSettings: {
        maxThroughput: messagesMaxThroughput
      }
    } : {}
  }
}]

// Logs of changes of the account. The data plane's categories are left out on purpose: PartitionKeyStatistics
// and PartitionKeyRUConsumption log partition keys, which are fiscal codes, QueryRuntimeStatistics
// logs queries, and DataPlaneRequests is a line for each request.
resource changes 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account
  name: 'changes'
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'ControlPlaneRequests'
        enabled: true
      }
    ]
  }
}

var alerts = [
  {
    name: 'throttled'
    description: 'Cosmos DB refuses requests (429): items are put back, and submissions are answered 429. Runbook: infra/runbooks.md#cosmos-db-refuses-requests'
    severity: 2
    window: 'PT5M'
    metric: 'TotalRequests'
    aggregation: 'Count'
    operator: 'GreaterThan'
    threshold: throttledThreshold
    dimensions: [
      {
        name: 'StatusCode'
        operator: 'Include'
        values: ['429']
      }
    ]
  }
  {
    name: 'availability'
    description: 'Cosmos DB answered less than 99 % of the requests of an hour. Runbook: infra/runbooks.md#cosmos-db-is-not-available'
    severity: 1
    window: 'PT1H'
    metric: 'ServiceAvailability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    dimensions: []
  }
]

var ofPartitions = [
  {
    // For each partition of each container, so that a mean hides no busy partition; each is billed.
    // Serverless has no such limit; for the free account the alert on refused requests is enough.
    name: 'near-its-limit'
    description: 'A partition of Cosmos DB uses more than 90 % of its throughput in the mean of 15 minutes. Runbook: infra/runbooks.md#cosmos-db-is-near-its-limit'
    severity: 3
    window: 'PT15M'
    metric: 'NormalizedRUConsumption'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 90
    dimensions: [
      {
        name: 'CollectionName'
        operator: 'Include'
        values: ['*']
      }
      {
        name: 'PartitionKeyRangeId'
        operator: 'Include'
        values: ['*']
      }
    ]
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for alert in concat(alerts, isAutoscale ? ofPartitions : []): {
  name: '${name}-${alert.name}'
  location: 'global'
  tags: tags
  properties: {
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [account.id]
    evaluationFrequency: 'PT5M'
    windowSize: alert.window
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: alert.name
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          metricName: alert.metric
          timeAggregation: alert.aggregation
          operator: alert.operator
          threshold: alert.threshold
          dimensions: alert.dimensions
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}]

output id string = account.id
output name string = account.name
output endpoint string = account.properties.documentEndpoint
output regionList string = join(regions, ',')
