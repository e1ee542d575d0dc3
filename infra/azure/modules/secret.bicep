// A secret of the vault.

param vaultName string
param name string

@secure()
param value string

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  //checkov:skip=CKV_AZURE_41:an expiry would stop the app on a date; operators decide when to rotate (infra/README.md)
  parent: vault
  name: name
  properties: {
    value: value
    contentType: 'text/plain'
  }
}

output uri string = secret.properties.secretUri
