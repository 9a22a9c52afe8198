using '../main.bicep'

param stamp = 'ch'
param location = 'switzerlandnorth'
param dataverseHosts = ['crm17.dynamics.com']
// Flex Consumption is not offered here (az functionapp list-flexconsumption-locations tells when it is).
param plan = 'premium'
param instances = { mostInstances: 20, memory: 2048, readyInstances: 1 }
param portalLocation = 'westeurope'
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param deployerSubject = readEnvironmentVariable('DEPLOYER_SUBJECT', '')
