import { appIdentity, callerTokens, exportRules, hostingPlan, limits, scale, tagSet } from '../types.bicep'

@description('The name of the function app.')
@minLength(2)
@maxLength(32)
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Flex Consumption, or Elastic Premium where the cloud lacks it.')
param plan hostingPlan

@description('How many instances there are, and how large they are.')
param instances scale

@description('Whether instances are spread over zones.')
param zoneRedundant bool

@description('The identity under which the code runs.')
param identity appIdentity

@description('The storage account of the host.')
param hostStorageName string

@description('The container of packages.')
param packageContainer string

@description('The storage account of the customers\' data.')
param dataStorageName string

@description('The address of the wrapping key, without a version.')
param keyId string

@description('Where telemetry is sent.')
param insightsConnection string

@description('The workspace of the logs.')
param workspaceId string

@description('The subnet through which the app goes out; empty without a private network.')
param subnetId string

@description('The address of the API, which ends in /api.')
param apiUrl string

@description('The origins that may show the portal.')
param portalOrigins string[]

@description('The client id of the application in Entra ID.')
param entraClientId string

@description('Who issues the tokens of the callers.')
param callers callerTokens

@description('How much one tenant and one user may do.')
param allowed limits

@description('How exports run.')
param exporting exportRules

var pythonVersion = '3.13'
var flex = plan == 'flex'

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: dataStorageName
}

var packages = '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'

// Zone redundancy keeps two instances ready at least, three on Elastic Premium ("Reliability in Azure Functions").
var ready = zoneRedundant ? max(instances.readyInstances, flex ? 2 : 3) : instances.readyInstances

resource hosting 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: flex ? 'functionapp' : 'elastic'
  sku: flex ? { name: 'FC1', tier: 'FlexConsumption' } : { name: 'EP1', tier: 'ElasticPremium', capacity: max(ready, 1) }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
    maximumElasticWorkerCount: flex ? null : min(instances.mostInstances, 100)
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: hosting.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      linuxFxVersion: flex ? null : 'PYTHON|${pythonVersion}'
      minimumElasticInstanceCount: flex ? null : max(ready, 1)
      vnetRouteAllEnabled: flex || empty(subnetId) ? null : true
    }
    functionAppConfig: flex ? {
      runtime: { name: 'python', version: pythonVersion }
      scaleAndConcurrency: {
        maximumInstanceCount: instances.mostInstances
        instanceMemoryMB: instances.memory
        alwaysReady: ready > 0 ? [{ name: 'http', instanceCount: ready }] : []
        triggers: { http: { perInstanceConcurrency: 32 } }
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packages
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
    } : null
  }
}

var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  PYTHON_THREADPOOL_THREAD_COUNT: '32'
  // The service sends its traces and events itself, and the host leaves them to it (shared/telemetry).
  PYTHON_ENABLE_OPENTELEMETRY: 'true'
}

// What Flex Consumption keeps in functionAppConfig stands in settings elsewhere. The package is read with the identity:
// the content share that Elastic Premium would use otherwise knows keys only.
var premiumSettings = {
  FUNCTIONS_EXTENSION_VERSION: '~4'
  FUNCTIONS_WORKER_RUNTIME: 'python'
  WEBSITE_RUN_FROM_PACKAGE: '${packages}/current.zip'
  WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: identity.id
}

var serviceSettings = {
  DATA_STORAGE__blobServiceUri: dataStorage.properties.primaryEndpoints.blob
  DATA_STORAGE__tableServiceUri: dataStorage.properties.primaryEndpoints.table
  API_ISSUER: callers.issuer
  API_AUDIENCE: callers.audience
  API_JWKS_URL: callers.keysUrl
  PUBLIC_API_URL: apiUrl
  PORTAL_ORIGINS: join(portalOrigins, ',')
  ENTRA_CLIENT_ID: entraClientId
  ENTRA_CLIENT_IDENTITY: identity.clientId
  TOKEN_KEY_ID: keyId
  // A sign-in connects nothing until whoever started it confirms it with a token of their own (docs/connect.md).
  CONNECT_CONFIRMATION: 'required'
  HTTP_READ_SECONDS: string(exporting.httpReadSeconds)
  EXPORT_CHUNK_SIZE: string(exporting.chunkSize)
  EXPORT_WINDOW: string(exporting.window)
  EXPORT_LEASE_SECONDS: string(exporting.leaseSeconds)
  EXPORT_RETENTION_DAYS: string(exporting.retentionDays)
  REVIVE_SCHEDULE: exporting.reviveSchedule
  WATCH_SCHEDULE: exporting.watchSchedule
  RETENTION_SCHEDULE: exporting.retentionSchedule
  LIMIT_REQUESTS_PER_MINUTE: string(allowed.requestsPerMinute)
  LIMIT_USER_REQUESTS_PER_MINUTE: string(allowed.userRequestsPerMinute)
  LIMIT_RUNNING_EXPORTS: string(allowed.runningExports)
  LIMIT_USER_RUNNING_EXPORTS: string(allowed.userRunningExports)
  LIMIT_RECORDS_PER_DAY: string(allowed.recordsPerDay)
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: union(hostSettings, flex ? {} : premiumSettings, serviceSettings)
}

resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource noPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: site
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('The name of the function app.')
output name string = site.name

@description('Where Entra ID returns to.')
output redirectUri string = '${apiUrl}/oauth/callback'
