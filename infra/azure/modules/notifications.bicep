// A Notification Hub, and the key with which the app uses it. The hub's data plane accepts no Entra
// identity, so this is the only key of Azure: this module reads it and stores it in the vault, and the
// app reads it through a reference. Operators enter the credentials of Apple and Google by hand, and store
// the private key of web push in the vault.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string
param vaultName string

@description('Free: 500 devices. Basic: 200,000. Standard: 10 million.')
@allowed(['Free', 'Basic', 'Standard'])
param tier string

@description('publicKey, a point of P-256 in base64url, and subject, a mailto: or https: address at which push services reach the operators; publicKey empty = no pushes to browsers.')
param webPush object

@secure()
@description('The private key of web push, 32 bytes in base64url.')
param webPushSecret string

resource namespace 'Microsoft.NotificationHubs/namespaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
  }
  properties: {}
}

resource hub 'Microsoft.NotificationHubs/namespaces/notificationHubs@2023-09-01' = {
  parent: namespace
  name: 'citizens'
  location: location
  tags: tags
  properties: empty(webPush.publicKey) ? {} : {
    browserCredential: {
      properties: {
        subject: webPush.subject
        vapidPublicKey: webPush.publicKey
        vapidPrivateKey: webPushSecret
      }
    }
  }
}

// This rule may register and remove devices and send; it may not manage the hub.
resource rule 'Microsoft.NotificationHubs/namespaces/notificationHubs/authorizationRules@2023-09-01' = {
  parent: hub
  name: 'recapito'
  location: location
  properties: {
    rights: [
      'Listen'
      'Send'
    ]
  }
}

module connection 'secret.bicep' = {
  name: 'notification-hub-connection'
  params: {
    vaultName: vaultName
    name: 'notification-hub-connection'
    value: rule.listKeys().primaryConnectionString
  }
}

output hub object = { name: hub.name, connectionUri: connection.outputs.uri, webPushKey: webPush.publicKey }
