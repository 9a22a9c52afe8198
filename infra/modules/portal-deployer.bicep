// That GitHub may put the portal's files onto the static web app. There is no built-in role for that alone, so it is a role of our own.
@description('The object id of the identity that deploys.')
param principalId string

@description('The static web app.')
param portalName string

resource portal 'Microsoft.Web/staticSites@2025-03-01' existing = {
  name: portalName
}

resource publisher 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'portal-publisher')
  properties: {
    roleName: 'Portal Publisher (${portalName})'
    description: 'Reads the deployment key of a static web app, by which files are put there.'
    type: 'CustomRole'
    permissions: [
      {
        actions: ['Microsoft.Web/staticSites/read', 'Microsoft.Web/staticSites/listSecrets/action']
        notActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(portal.id, principalId, publisher.id)
  scope: portal
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: publisher.id
  }
}
