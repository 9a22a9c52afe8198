import { appIdentity, tagSet } from '../types.bicep'

@description('The name of the identity.')
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The identity of the function app.')
output app appIdentity = {
  id: identity.id
  principalId: identity.properties.principalId
  clientId: identity.properties.clientId
}
