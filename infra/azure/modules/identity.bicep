// The one identity that the app acts as. It has no password and no key; what it may do is in roles.bicep.

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
