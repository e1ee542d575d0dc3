// Key Vault, with the two secrets that the app needs. A deployment with values for them writes them;
// without values the secrets stay. Bicep generates no secret: a new secret on every deployment would
// invalidate all sender keys and change all pseudonyms.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string

@description('Disabled = reachable only by private endpoints.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string = 'Disabled'
param workspaceId string

@secure()
@description('Empty = the secret in the vault stays.')
param keyHashSecret string

@secure()
@description('Empty = the secret in the vault stays.')
param pseudonymSecret string

@description('A deployment may read secrets; whoever may deploy with this vault can then read each of them.')
param isReadByDeployments bool = false

var keyHashName = 'key-hash-secret'
var pseudonymName = 'pseudonym-secret'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    //checkov:skip=CKV_AZURE_109:Deny if public access is off, by an expression that checkov does not evaluate
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: isReadByDeployments
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: (publicNetworkAccess == 'Disabled') ? 'Deny' : 'Allow'
    }
  }
}

module keyHash 'secret.bicep' = if (!empty(keyHashSecret)) {
  name: 'key-hash-secret'
  params: {
    vaultName: vault.name
    name: keyHashName
    value: keyHashSecret
  }
}

module pseudonym 'secret.bicep' = if (!empty(pseudonymSecret)) {
  name: 'pseudonym-secret'
  params: {
    vaultName: vault.name
    name: pseudonymName
    value: pseudonymSecret
  }
}

// Logs of reads and changes of secrets. They name no citizen.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output name string = vault.name

@description('The secrets that the settings of the app refer to.')
output secretUris object = {
  keyHash: '${vault.properties.vaultUri}secrets/${keyHashName}'
  pseudonym: '${vault.properties.vaultUri}secrets/${pseudonymName}'
  paymentNodeKey: '${vault.properties.vaultUri}secrets/payment-node-key'
  publicBodiesKey: '${vault.properties.vaultUri}secrets/public-bodies-key'
  relyingPartyKeys: '${vault.properties.vaultUri}secrets/relying-party-keys'
  relyingPartyFederationKeys: '${vault.properties.vaultUri}secrets/relying-party-federation-keys'
  pdndPrivateKey: '${vault.properties.vaultUri}secrets/pdnd-private-key'
  translationPassword: '${vault.properties.vaultUri}secrets/translation-password'
  remoteContent: '${vault.properties.vaultUri}secrets/remote-content-secret'
  evidence: '${vault.properties.vaultUri}secrets/evidence-secret'
  signIn: '${vault.properties.vaultUri}secrets/sign-in-secret'
  gateway: '${vault.properties.vaultUri}secrets/gateway-secret'
}
