using '../main.bicep'

param stamp = 'cn'
param location = 'chinanorth3'
param dataverseHosts = ['crm.dynamics.cn']
// The cloud of China has no Static Web Apps: the portal is served elsewhere.
param zoneRedundant = false
param portalOrigins = empty(readEnvironmentVariable('PORTAL_ORIGIN', '')) ? [] : [readEnvironmentVariable('PORTAL_ORIGIN', '')]
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param deployerSubject = readEnvironmentVariable('DEPLOYER_SUBJECT', '')
