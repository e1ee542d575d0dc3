// Locks on resources with data: no command, not even `azd down`, can delete them until the lock is
// removed. The locks allow all requests and all changes.

param storageName string
param cosmosName string
param vaultName string

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = {
  name: cosmosName
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource storageLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'holds-queues'
  scope: storage
  properties: {
    level: 'CanNotDelete'
    notes: 'What was accepted and is not processed yet is in its queues.'
  }
}

resource cosmosLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'holds-messages'
  scope: cosmos
  properties: {
    level: 'CanNotDelete'
    notes: 'All messages are in it.'
  }
}

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'holds-secrets'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Sender keys are worth nothing without its secrets.'
  }
}
