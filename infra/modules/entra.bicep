extension microsoftGraphV1

@description('By which a second deployment finds the application again.')
param uniqueName string

@description('What people read when they are asked for consent.')
param displayName string

@description('Where Entra ID returns to after sign-in; the only such address.')
param redirectUri string

@description('The managed identity that is the application\'s credential.')
param principalId string

// Dataverse, and its delegated permission user_impersonation: to act as the person who signed in, and never more.
var dataverse = '00000007-0000-0000-c000-000000000000'
var userImpersonation = '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4'

resource application 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  signInAudience: 'AzureADMultipleOrgs'
  web: {
    redirectUris: [redirectUri]
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false }
  }
  requiredResourceAccess: [
    {
      resourceAppId: dataverse
      resourceAccess: [{ id: userImpersonation, type: 'Scope' }]
    }
  ]
}

// No client secret: a token of the managed identity proves that it is us. One audience a cloud; this file serves the public one.
resource trust 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {
  name: '${application.uniqueName}/function-app'
  description: 'The managed identity of the function app.'
  audiences: ['api://AzureADTokenExchange']
  issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
  subject: principalId
}

@description('The client id of the application.')
output clientId string = application.appId
