// All of Recapito in Azure, for azd and `az deployment sub create` (infra/README.md), in syntax that the checks can read.
targetScope = 'subscription'

@description('The name of the environment, used for its resource group and its resources.')
@minLength(2)
@maxLength(16)
param environmentName string
param location string = 'italynorth'

@description('The address that receives the alerts.')
param alertEmail string
param citizenTokenIssuer string = '' // another issuer of citizens' tokens, with rules for them (lib/composition/settings); empty = none
param citizenTokenAudience string = ''
param citizenTokenJwks string = ''
param citizenTokenChecks object = { acrValues: '', scope: '', maxSeconds: 86400, minimumAge: 14, fiscalCodeClaims: '', nameClaims: '', familyNameClaims: '', birthDateClaims: '' }

@secure()
@description('Required for the first deployment. Empty = the secret in the vault stays.')
param keyHashSecret string = ''

@secure()
@description('Required for the first deployment. Empty = the secret in the vault stays.')
param pseudonymSecret string = ''

param previousVersions object = { keyHash: '', pseudonym: '' } // of secrets that are being replaced (infra/README.md, "Rotate")

@description('The output of the same name of the previous deployment; empty for the first one.')
param transformationRuleId string = ''

param remoteContent object = { isOn: false, previousVersion: '' } // configurations of remote content, whose secret is in the vault
param vouchers object = { issuer: '', audience: '', jwks: '', baseUrl: '', integrityRequired: false, previousVersion: '' } // vouchers of PDND in place of keys; evidence-secret is in the vault
param signIn object = { isOn: false, hasNext: false, previousVersion: '', clients: '', sessionDays: 30, browserSessionHours: 12 } // the login of apps and browsers; sign-in-secret is in the vault
param trustedGateway object = { isTrusted: false, previousVersion: '' } // a gateway that names the caller, whose secret is in the vault
param publicBodiesUrl string = '' // service WS23 of the register of public bodies (IPA), its key is in the vault; empty = none
param relyingParty object = { providers: '', id: '', isFederated: false, authorities: '', trustMarks: '', name: '', contact: '', policyUrl: '', logoUrl: '' } // the login at SPID and CIE, whose keys are in the vault; providers empty = none
param clamdAddress string = '' // where clamd scans the files that senders upload, as tcp://10.0.0.4:3310; empty = no files are taken
param translation object = { url: '', application: '' } // eTranslation, whose password is in the vault; url empty = nothing is translated
param residents object = { url: '', audience: '', purposeId: '', place: '', checkDays: 0 } // the register ANPR over PDND, by the client of digitalDomiciles; checkDays 0 = it is not asked
param digitalDomiciles object = { url: '', purposeId: '', tokenUrl: '', audience: '', clientId: '', keyId: '' } // the register INAD over PDND, whose private key is in the vault; url empty = none
param api object = { contactUrl: '', contactEmail: '', accessibilityEmail: '', termsUrl: '' } // contact and terms in the OpenAPI documents
param paymentNodeUrl string = '' // pagoPA's payment node, whose key is in the vault; empty = none
param mail object = { host: '', port: 587, security: 'starttls', user: '', from: '', publicUrl: '', appUrl: '', previousLinkVersion: '' } // modules/mail.bicep
param senderCacheSeconds int = 60
param rejectedRetentionDays int = 90
param batchRetentionDays int = 90 // the days for which the files of a batch are kept after its end, at most 365
param daysInBin int = 30 // the days in which a citizen can bring a deleted message back
param personalData object = { erasureGraceDays: 7, accessLogDays: 365, messageRetentionDays: 0 } // the days in which a citizen can abort the deletion of all data, those of the access log, and those of delivered messages, 0 for good
param trialDailyMessages int = 50 // the messages that an organisation may send in a day before its approval
param citizenApp object = { sendServiceId: '', minVersionIos: '0.0.0', minVersionAndroid: '0.0.0', remoteAttachmentMegabytes: 20 } // the service of SEND, the least versions of the app, and the most of an attachment that a sender keeps: at most 50, which needs instances of 2048 MB
param minAppVersionWithReadAuth string = '2.14.0'
param instanceMemoryMB int = 512
param maximumInstanceCount int = 100
param alwaysReady array = [] // scaling groups that always have instances: {name, instanceCount}, name http or function:<its name>
param httpConcurrency int = 32
param zoneRedundantApp bool = false

@description('Recreate interrupts the app for up to half a minute. RollingUpdate does not, but it is a preview that Azure advises against in production.')
param updateStrategy string = 'Recreate'
param callers array = []

param trustedProxies int = 0 // hops in front of the app; 0 = the front end, plus the gateway if no caller can bypass it
param cosmosMode string = 'serverless'
param cosmosDatabase string = 'recapito'
param cosmosName string = ''
param cosmosRegions array = ['Italy North']
param cosmosZoneRedundant bool = false
param messagesMaxThroughput int = 4000
param sharedMaxThroughput int = 4000
param cosmosBackupTier string = 'Continuous7Days'
param storageSku string = 'Standard_ZRS'
param blobRole string = 'Owner' // modules/roles.bicep

param logRetentionDays int = 30
param logDailyCapGb int = 5
param samplingPercentage int = 100
param traceRatio string = '0.05'
param hostTraceRatio string = '0.05'
param withAvailabilityTest bool = true
param availabilityLocations array = ['emea-nl-ams-azr']
param availabilitySeconds int = 900
param quarterHourlyAlerts bool = true
param thresholds object = {} // values that replace those of `limits`

param monthlyBudget int = 0 // in the currency of the subscription; 0 = no budget
param budgetStartDate string = ''

// Options. A gateway also needs `callers` (modules/gateway.bicep).
param withPrivateNetwork bool = false
param addresses object = { network: '10.20.0.0/24', app: '10.20.0.0/26', endpoints: '10.20.0.64/26' }
param withGateway bool = false
param withNotificationHub bool = false
param hubTier string = 'Basic'
param webPush object = { publicKey: '', subject: '' } // pushes to browsers by the hub, whose private key is in the vault; subject = a mailto: or https: address of the operators; publicKey empty = none
param withResourceLocks bool = false

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
  // Resources take their location and tags from the group.
  tags: {
    'azd-env-name': environmentName
    product: 'recapito'
  }
}

module foundation 'modules/foundation.bicep' = {
  scope: group
  name: 'foundation'
  params: {
    token: token
    alertEmail: alertEmail
    logRetentionDays: logRetentionDays
    logDailyCapGb: logDailyCapGb
    samplingPercentage: samplingPercentage
    transformationRuleId: transformationRuleId
    storageSku: storageSku
    blobRole: blobRole
    cosmosName: cosmosName
    cosmosDatabase: cosmosDatabase
    cosmosMode: cosmosMode
    messagesMaxThroughput: messagesMaxThroughput
    sharedMaxThroughput: sharedMaxThroughput
    cosmosRegions: cosmosRegions
    cosmosZoneRedundant: cosmosZoneRedundant
    cosmosBackupTier: cosmosBackupTier
    throttledThreshold: limits.throttledRequests
    publicNetworkAccess: withPrivateNetwork ? 'Disabled' : 'Enabled'
    keyHashSecret: keyHashSecret
    pseudonymSecret: pseudonymSecret
    isReadByDeployments: !empty(webPush.publicKey)
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
    storageId: foundation.outputs.storageId
    cosmosId: foundation.outputs.cosmosId
    vaultId: foundation.outputs.vaultId
    withGateway: withGateway
    withNotificationHub: withNotificationHub
    hubTier: hubTier
    webPush: webPush
    withResourceLocks: withResourceLocks
    mail: mail
    monthlyBudget: monthlyBudget
    budgetStartDate: budgetStartDate
    actionGroupId: foundation.outputs.actionGroupId
  }
}

module settings 'modules/settings.bicep' = {
  scope: group
  name: 'settings'
  params: {
    identityClientId: foundation.outputs.identityClientId
    storageName: foundation.outputs.storageName
    blobEndpoint: foundation.outputs.blobEndpoint
    queueEndpoint: foundation.outputs.queueEndpoint
    cosmosEndpoint: foundation.outputs.cosmosEndpoint
    cosmosDatabase: cosmosDatabase
    cosmosRegions: foundation.outputs.cosmosRegions
    secretUris: foundation.outputs.secretUris
    previousVersions: previousVersions
    hub: options.outputs.hub
    mailSettings: options.outputs.mailSettings
    insightsConnectionString: foundation.outputs.insightsConnectionString
    citizenTokenIssuer: citizenTokenIssuer
    citizenTokenAudience: citizenTokenAudience
    citizenTokenJwks: citizenTokenJwks
    citizenTokenChecks: citizenTokenChecks
    paymentNodeUrl: paymentNodeUrl
    publicBodiesUrl: publicBodiesUrl
    relyingParty: relyingParty
    clamdAddress: clamdAddress
    translation: translation
    residents: residents
    digitalDomiciles: digitalDomiciles
    remoteContent: remoteContent
    vouchers: vouchers
    signIn: signIn
    trustedGateway: trustedGateway
    api: api
    senderCacheSeconds: senderCacheSeconds
    trustedProxies: trustedProxies > 0 ? trustedProxies : (withGateway && !empty(callers)) ? 2 : 1
    rejectedRetentionDays: rejectedRetentionDays
    batchRetentionDays: batchRetentionDays
    daysInBin: daysInBin
    personalData: personalData
    trialDailyMessages: trialDailyMessages
    citizenApp: citizenApp
    minAppVersionWithReadAuth: minAppVersionWithReadAuth
    traceRatio: traceRatio
    hostTraceRatio: hostTraceRatio
  }
}

// Created after the whole foundation: without the roles the app cannot read its package or its secrets.
module functions 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  params: {
    planName: 'plan-recapito-${token}'
    name: appName
    identityId: foundation.outputs.identityId
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundantApp
    updateStrategy: updateStrategy
    subnetId: options.outputs.appSubnetId
    callers: callers
    packagesUri: foundation.outputs.packagesUri
    appSettings: settings.outputs.settings
    workspaceId: foundation.outputs.workspaceId
    insightsId: foundation.outputs.insightsId
    actionGroupId: foundation.outputs.actionGroupId
    frontHostName: options.outputs.gatewayHostName
    withAvailabilityTest: withAvailabilityTest
    availabilityLocations: availabilityLocations
    availabilitySeconds: availabilitySeconds
    quarterHourlyAlerts: quarterHourlyAlerts
    thresholds: limits
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = functions.outputs.name
output SERVICE_API_ENDPOINT string = 'https://${functions.outputs.publicHostName}'
output KEY_VAULT_NAME string = foundation.outputs.vaultName
output COSMOS_ACCOUNT_NAME string = foundation.outputs.cosmosName
output STORAGE_ACCOUNT_NAME string = foundation.outputs.storageName
output TRANSFORMATION_RULE_ID string = foundation.outputs.transformationRuleId
