using '../main.bicep'

param stamp = 'sam'
param location = 'brazilsouth'
param dataverseHosts = ['crm2.dynamics.com']
param portalLocation = 'eastus2'
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param deployerSubject = readEnvironmentVariable('DEPLOYER_SUBJECT', '')
