// What `azd up` deploys: one stamp, named and placed by azd's own environment.
using 'main.bicep'

param stamp = readEnvironmentVariable('STAMP', 'dev')
param environmentName = readEnvironmentVariable('STAMP_ENVIRONMENT', 'trial')
param location = readEnvironmentVariable('AZURE_LOCATION')
param dataverseHosts = split(readEnvironmentVariable('DATAVERSE_HOSTS', 'crm.dynamics.com'), ',')
param zoneRedundant = false
param portalLocation = readEnvironmentVariable('PORTAL_LOCATION', 'westeurope')
param entraClientId = readEnvironmentVariable('ENTRA_CLIENT_ID')
param callers = {
  issuer: readEnvironmentVariable('API_ISSUER')
  audience: readEnvironmentVariable('API_AUDIENCE')
  keysUrl: readEnvironmentVariable('API_JWKS_URL')
}
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
