// A Notification Hub. Nothing uses it yet: the app's push sender for Azure comes with a later
// change, until which this is off by default. Hubs know no Entra identity on their data plane, so
// that change also brings the listen-and-send key to Key Vault.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string

resource namespace 'Microsoft.NotificationHubs/namespaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {}
}

resource hub 'Microsoft.NotificationHubs/namespaces/notificationHubs@2023-09-01' = {
  parent: namespace
  name: 'citizens'
  location: location
  tags: tags
  properties: {}
}
