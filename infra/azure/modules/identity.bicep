// The app's only identity. It has no password and no key; roles.bicep has its rights.

param location string = resourceGroup().location
param tags object = resourceGroup().tags
param name string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
