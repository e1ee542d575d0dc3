// All of Recapito in Azure, for azd and `az deployment sub create` (infra/README.md), in syntax that the checks can read.

targetScope = 'subscription'

@description('Names the environment, its resource group and what is in it.')
@minLength(2)
@maxLength(16)
param environmentName string
param location string = 'italynorth'

@description('Gets the alerts.')
param alertEmail string

// What a citizen's token must be (lib/settings.py).
param citizenTokenIssuer string
param citizenTokenAudience string
param citizenTokenJwks string

@secure()
@description('Needed the first time; empty afterwards leaves what is in the vault.')
param keyHashSecret string = ''

@secure()
@description('Needed the first time; empty afterwards leaves what is in the vault.')
param pseudonymSecret string = ''

@description('The output of the same name of the last deployment; empty the first time.')
param transformationRuleId string = ''

param paymentNodeUrl string = '' // pagoPA's payment node, whose key is in the vault; empty = none
param mail object = { host: '', port: 587, security: 'starttls', user: '', from: '', publicUrl: '' } // modules/mail.bicep
param senderCacheSeconds int = 60
param rejectedRetentionDays int = 1095
param minAppVersionWithReadAuth string = '2.14.0'
param instanceMemoryMB int = 2048
param maximumInstanceCount int = 100

param alwaysReady array = [] // scaling groups that always have instances: {name, instanceCount}, name http or function:<its name>
param httpConcurrency int = 32
param zoneRedundantApp bool = false

@description('Recreate interrupts for up to half a minute; RollingUpdate does not, but is a preview that Azure advises against in production.')
param updateStrategy string = 'Recreate'
param callers array = []

param trustedProxies int = 0 // hops in front of the app; 0 = its front end, and the gateway where nobody can go around it
param cosmosMode string = 'serverless'
param cosmosDatabase string = 'recapito'
param cosmosName string = ''
param cosmosRegions array = ['Italy North']
param cosmosZoneRedundant bool = true
param messagesMaxThroughput int = 4000
param sharedMaxThroughput int = 4000
param cosmosBackupTier string = 'Continuous7Days'
param storageSku string = 'Standard_ZRS'

// What is watched.
param logRetentionDays int = 30
param logDailyCapGb int = 5
param samplingPercentage int = 100
param traceRatio string = '0.05'
param withAvailabilityTest bool = true
@description('Those of `limits` that should be others.')
param thresholds object = {}

param monthlyBudget int = 0 // in the currency of the subscription; 0 = no budget
param budgetStartDate string = ''

// Options. A gateway needs `callers` as well (modules/gateway.bicep).
param withPrivateNetwork bool = false
param addresses object = { network: '10.20.0.0/24', app: '10.20.0.0/26', endpoints: '10.20.0.64/26' }
param withGateway bool = false
param withNotificationHub bool = false

// Without the private network, doors are open to whoever has an identity with a role: there are no keys but the hub's.
var networkAccess = withPrivateNetwork ? 'Disabled' : 'Enabled'
var token = uniqueString(subscription().id, environmentName, location)
var appName = 'func-recapito-${token}'
var limits = union({
  queueWaitSeconds: 60
  failedPercent: 1
  putBackItems: 50
  throttledRequests: 100
  reminderLagSeconds: 900
}, thresholds)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-recapito-${environmentName}'
  location: location
  // What is in the group takes its location and its tags from it.
  tags: {
    'azd-env-name': environmentName
    product: 'recapito'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
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

module identity 'modules/identity.bicep' = {
  scope: group
  name: 'identity'
  params: {
    name: 'id-recapito-${token}'
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    name: 'strecapito${token}'
    sku: storageSku
    publicNetworkAccess: networkAccess
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module cosmos 'modules/cosmos.bicep' = {
  scope: group
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
    publicNetworkAccess: networkAccess
    throttledThreshold: limits.throttledRequests
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  name: 'vault'
  params: {
    name: 'kv-rcp-${token}'
    publicNetworkAccess: networkAccess
    workspaceId: monitoring.outputs.workspaceId
    keyHashSecret: keyHashSecret
    pseudonymSecret: pseudonymSecret
  }
}

module roles 'modules/roles.bicep' = {
  scope: group
  name: 'roles'
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
    cosmosName: cosmos.outputs.name
    databaseName: cosmosDatabase
  }
}

module options 'modules/options.bicep' = {
  scope: group
  name: 'options'
  params: {
    token: token
    appHostName: '${appName}.azurewebsites.net'
    email: alertEmail
    withPrivateNetwork: withPrivateNetwork
    addresses: addresses
    storageId: storage.outputs.id
    cosmosId: cosmos.outputs.id
    vaultId: vault.outputs.id
    withGateway: withGateway
    withNotificationHub: withNotificationHub
    mail: mail
    monthlyBudget: monthlyBudget
    budgetStartDate: budgetStartDate
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

module functions 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  // Without its roles the app cannot read its package, its queues or its secrets.
  dependsOn: [roles]
  params: {
    planName: 'plan-recapito-${token}'
    name: appName
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundantApp
    updateStrategy: updateStrategy
    subnetId: options.outputs.appSubnetId
    callers: callers
    packagesUri: storage.outputs.packagesUri
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    cosmosEndpoint: cosmos.outputs.endpoint
    cosmosDatabase: cosmosDatabase
    cosmosRegions: cosmos.outputs.regionList
    keyHashSecretUri: vault.outputs.keyHashSecretUri
    pseudonymSecretUri: vault.outputs.pseudonymSecretUri
    hub: options.outputs.hub
    mailSettings: options.outputs.mailSettings
    insightsConnectionString: monitoring.outputs.connectionString
    citizenTokenIssuer: citizenTokenIssuer
    citizenTokenAudience: citizenTokenAudience
    citizenTokenJwks: citizenTokenJwks
    paymentNodeUrl: paymentNodeUrl
    paymentNodeKeyUri: vault.outputs.paymentNodeKeyUri
    senderCacheSeconds: senderCacheSeconds
    trustedProxies: trustedProxies > 0 ? trustedProxies : (withGateway && !empty(callers)) ? 2 : 1
    rejectedRetentionDays: rejectedRetentionDays
    minAppVersionWithReadAuth: minAppVersionWithReadAuth
    traceRatio: traceRatio
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    actionGroupId: monitoring.outputs.actionGroupId
    frontHostName: options.outputs.gatewayHostName
    withAvailabilityTest: withAvailabilityTest
    thresholds: limits
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = functions.outputs.name
output SERVICE_API_ENDPOINT string = 'https://${functions.outputs.publicHostName}'
output KEY_VAULT_NAME string = vault.outputs.name
output COSMOS_ACCOUNT_NAME string = cosmos.outputs.name
output STORAGE_ACCOUNT_NAME string = storage.outputs.name
output TRANSFORMATION_RULE_ID string = monitoring.outputs.transformationRuleId
