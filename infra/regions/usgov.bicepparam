using '../main.bicep'

param stamp = 'usgov'
param location = 'usgovvirginia'
param dataverseHosts = ['crm.microsoftdynamics.us', 'crm.appsplatform.us']
// Azure Government has no Flex Consumption and no Static Web Apps for us: the portal is served elsewhere.
param plan = 'premium'
param instances = { mostInstances: 20, memory: 2048, readyInstances: 1 }
param portalOrigins = empty(readEnvironmentVariable('PORTAL_ORIGIN', '')) ? [] : [readEnvironmentVariable('PORTAL_ORIGIN', '')]
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param deployerSubject = readEnvironmentVariable('DEPLOYER_SUBJECT', '')
