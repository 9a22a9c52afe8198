// The application in Entra ID of one stamp. It is deployed first, and by whoever may register applications.
targetScope = 'subscription'

@description('The region in our own words, such as emea.')
@minLength(2)
@maxLength(8)
param stamp string

@description('Which of several installations of the region it is, such as prod.')
@minLength(2)
@maxLength(6)
param environmentName string = 'prod'

@description('The Azure region.')
param location string

@description('The host name under which the API is reached from outside, where that is not the function app\'s own.')
param publicHost string = ''

@description('What people read when they are asked for consent.')
param displayName string = 'Dynamics 365 export'

var name = '${stamp}-${environmentName}'
var tags = {
  application: 'dynamics-export'
  stamp: stamp
  environment: environmentName
  data: 'operational'
}

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-dynamics-export-${name}'
  location: location
  tags: tags
}

module names 'modules/names.bicep' = {
  params: { stamp: stamp, environmentName: environmentName, publicHost: publicHost }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-${name}', location: location, tags: tags }
}

module application 'modules/entra.bicep' = {
  scope: group
  params: {
    uniqueName: 'dynamics-export-${name}'
    displayName: displayName
    redirectUri: '${names.outputs.apiUrl}/oauth/callback'
    principalId: identity.outputs.app.principalId
  }
}

@description('The client id, which main.bicep takes as entraClientId.')
output clientId string = application.outputs.clientId
