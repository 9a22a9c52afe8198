using '../main.bicep'

param stamp = 'emea'
param location = 'westeurope'
param dataverseHosts = ['crm4.dynamics.com', 'crm12.dynamics.com', 'crm16.dynamics.com']
param portalLocation = 'westeurope'
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param deployerSubject = readEnvironmentVariable('DEPLOYER_SUBJECT', '')
