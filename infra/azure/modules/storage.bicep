// One account: the host's own blobs, the queues, the app's blobs and the deployment packages.
// Triggers and app use it through the one connection AzureWebJobsStorage (decision 0008).

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string

@description('Zone-redundant by default: a queue item that is lost is a message that is lost.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param sku string

@description('Disabled = reached by private endpoints alone.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string = 'Disabled'
param workspaceId string
param actionGroupId string

var declarations = loadJsonContent('../declarations.json')
var packages = 'deployments'

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    //checkov:skip=CKV_AZURE_35:Deny where public access is off, an expression that checkov does not evaluate
    //checkov:skip=CKV_AZURE_206:the parameter's default is Standard_ZRS, copies in three zones
    //checkov:skip=CKV_AZURE_33:every poll of a queue would be a log line; what matters is measured by the app
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: (publicNetworkAccess == 'Disabled') ? 'Deny' : 'Allow'
    }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: {
        blob: {
          enabled: true
        }
        queue: {
          enabled: true
          keyType: 'Account'
        }
      }
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    // A replaced or deleted package stays as an earlier version of its blob.
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
  }
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: packages
  properties: {
    publicAccess: 'None'
  }
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // The host rewrites its blobs often, and nobody needs earlier versions. Packages are
          // not among them: a version's age counts from when it was written, not from when it was
          // replaced, so one that ran for long would go on the day it is needed to go back to.
          // A container of the app's own must be named here, or what it deletes stays as a version.
          name: 'forget-versions-of-the-hosts-blobs'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['azure-webjobs-hosts/', 'azure-webjobs-secrets/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 14
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

// Each of lib/ports/queueing/names.py, with its poison queue.
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [for queue in declarations.queues: {
  parent: queueService
  name: queue
}]

// Logs of deletions of blobs, for a restore. Reads and writes are not logged: they are many and of no
// use. Queues have no logs: each poll would be a line.
resource deletions 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'deletions'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource availability 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-availability'
  location: 'global'
  tags: tags
  properties: {
    description: 'Storage answers less than 99 % of requests: no message is accepted, and queues do not move. Runbook: infra/runbooks.md#storage-is-not-available'
    severity: 1
    enabled: true
    scopes: [account.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'availability'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Availability'
          timeAggregation: 'Average'
          operator: 'LessThan'
          threshold: 99
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output packagesUri string = '${account.properties.primaryEndpoints.blob}${packages}'
