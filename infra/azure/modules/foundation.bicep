// The foundation of the app: telemetry, identity, storage, documents, secrets, and the identity's roles.

param token string
param alertEmail string
param logRetentionDays int
param logDailyCapGb int
param samplingPercentage int
param transformationRuleId string
param storageSku string
param blobRole string
param cosmosName string
param cosmosDatabase string
param cosmosMode string
param messagesMaxThroughput int
param sharedMaxThroughput int
param cosmosRegions array
param cosmosZoneRedundant bool
param cosmosBackupTier string
param throttledThreshold int

@description('Of storage, documents and secrets. Enabled = open to identities with a role; Disabled = reachable only by private endpoints.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string = 'Disabled'

@secure()
param keyHashSecret string

@secure()
param pseudonymSecret string

@description('A deployment reads a secret of the vault.')
param isReadByDeployments bool

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: 'log-recapito-${token}'
    insightsName: 'appi-recapito-${token}'
    alertEmail: alertEmail
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    samplingPercentage: samplingPercentage
    transformationRuleId: transformationRuleId
  }
}

module identity 'identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-recapito-${token}'
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    name: 'strecapito${token}'
    sku: storageSku
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module cosmos 'cosmos.bicep' = {
  name: 'cosmos'
  params: {
    name: empty(cosmosName) ? 'cosmos-recapito-${token}' : cosmosName
    databaseName: cosmosDatabase
    mode: cosmosMode
    messagesMaxThroughput: messagesMaxThroughput
    sharedMaxThroughput: sharedMaxThroughput
    regions: cosmosRegions
    zoneRedundant: cosmosZoneRedundant
    backupTier: cosmosBackupTier
    publicNetworkAccess: publicNetworkAccess
    throttledThreshold: throttledThreshold
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: 'kv-rcp-${token}'
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
    keyHashSecret: keyHashSecret
    pseudonymSecret: pseudonymSecret
    isReadByDeployments: isReadByDeployments
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
    cosmosName: cosmos.outputs.name
    databaseName: cosmosDatabase
    blobRole: blobRole
  }
}

output workspaceId string = monitoring.outputs.workspaceId
output insightsId string = monitoring.outputs.insightsId
output insightsConnectionString string = monitoring.outputs.connectionString
output actionGroupId string = monitoring.outputs.actionGroupId
output transformationRuleId string = monitoring.outputs.transformationRuleId
output identityId string = identity.outputs.id
output identityClientId string = identity.outputs.clientId
output storageId string = storage.outputs.id
output storageName string = storage.outputs.name
output blobEndpoint string = storage.outputs.blobEndpoint
output queueEndpoint string = storage.outputs.queueEndpoint
output packagesUri string = storage.outputs.packagesUri
output cosmosId string = cosmos.outputs.id
output cosmosName string = cosmos.outputs.name
output cosmosEndpoint string = cosmos.outputs.endpoint
output cosmosRegions string = cosmos.outputs.regionList
output vaultId string = vault.outputs.id
output vaultName string = vault.outputs.name
output secretUris object = vault.outputs.secretUris
