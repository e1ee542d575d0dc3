// One account: the host's own blobs, the queues, the app's blobs and the deployment packages.
// The triggers and the app share the connection AzureWebJobsStorage (decision 0008).

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string

@description('Zone-redundant by default: a lost queue item can mean a lost message.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param sku string

@description('Disabled = reachable only by private endpoints.')
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
    //checkov:skip=CKV_AZURE_35:Deny if public access is off, by an expression that checkov does not evaluate
    //checkov:skip=CKV_AZURE_206:the parameter's default is Standard_ZRS, with copies in three zones
    //checkov:skip=CKV_AZURE_33:every poll of a queue would be a log record; the app's metrics cover the queues
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
          // The host rewrites its blobs often, and no operator needs the earlier versions. Those of
          // the files of messages, of batches and of the archives of personal data are about citizens, and must
          // not outlive the files. The rule
          // does not include packages: the age of a version counts from its creation and not from
          // its replacement, so a package that ran for long would be deleted when it is replaced,
          // and a rollback would need it. Name each container of the app here, or its deleted blobs
          // stay as versions.
          name: 'forget-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['azure-webjobs-hosts/', 'azure-webjobs-secrets/', 'attachments/', 'batches/', 'logos/', 'personal-data/']
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
        {
          // The app deletes the files of batches, which name citizens. This rule is for files that it
          // lost sight of. No batch lives so long: it ends within 270 days, and its files are kept
          // for at most 365 days more (decision 0063).
          name: 'forget-files-of-batches'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['batches/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterCreationGreaterThan: 660
                }
              }
            }
          }
        }
        {
          // The same for the archives of personal data, which the app deletes four days after the
          // request (decision 0071).
          name: 'forget-archives'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['personal-data/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterCreationGreaterThan: 7
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

// Each queue of lib/ports/queueing/names.py, with its poison queue.
resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [for queue in declarations.queues: {
  parent: queueService
  name: queue
}]

// Logs of deletions of blobs, for a restore. Reads and writes are not logged: they are many, and a restore
// does not need them. Queues have no logs, because each poll would be a record.
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
