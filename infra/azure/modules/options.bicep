// The optional parts of a deployment: a private network, a gateway, a notification hub, e-mail, a
// budget, locks.

param token string
param appHostName string
param email string
param withPrivateNetwork bool
param addresses object
param storageId string
param cosmosId string
param vaultId string
param withGateway bool
param withNotificationHub bool
param hubTier string

@description('publicKey and subject; publicKey empty = no pushes to browsers.')
param webPush object
param mail object
param monthlyBudget int
param budgetStartDate string
param actionGroupId string
param withResourceLocks bool

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: last(split(vaultId, '/'))
}

module network 'network.bicep' = if (withPrivateNetwork) {
  name: 'network'
  params: {
    name: 'vnet-recapito-${token}'
    addressPrefix: addresses.network
    appSubnetPrefix: addresses.app
    endpointSubnetPrefix: addresses.endpoints
    storageId: storageId
    cosmosId: cosmosId
    vaultId: vaultId
  }
}

module gateway 'gateway.bicep' = if (withGateway) {
  name: 'gateway'
  params: {
    name: 'apim-recapito-${token}'
    publisherEmail: email
    appHostName: appHostName
  }
}

module notifications 'notifications.bicep' = if (withNotificationHub) {
  name: 'notifications'
  params: {
    name: 'ntfns-recapito-${token}'
    vaultName: last(split(vaultId, '/'))
    tier: hubTier
    webPush: webPush
    webPushSecret: empty(webPush.publicKey) ? '' : vault.getSecret('web-push-private-key')
  }
}

module mailing 'mail.bicep' = {
  name: 'mail'
  params: {
    mail: mail
    publicHostName: withGateway ? gateway!.outputs.hostName : appHostName
    vaultName: last(split(vaultId, '/'))
  }
}

module budget 'budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: 'budget-recapito-${token}'
    amount: monthlyBudget
    startDate: budgetStartDate
    actionGroupId: actionGroupId
    contactEmail: email
  }
}

// Last, so that a lock never blocks a resource that is being created.
module locks 'locks.bicep' = if (withResourceLocks) {
  name: 'locks'
  params: {
    storageName: last(split(storageId, '/'))
    cosmosName: last(split(cosmosId, '/'))
    vaultName: last(split(vaultId, '/'))
  }
  dependsOn: [network, mailing]
}

output appSubnetId string = withPrivateNetwork ? network!.outputs.appSubnetId : ''
output gatewayHostName string = withGateway ? gateway!.outputs.hostName : ''
output hub object = withNotificationHub ? notifications!.outputs.hub : { name: '', connectionUri: '', webPushKey: '' }
output mailSettings array = mailing.outputs.settings
