// One stamp of the service: a resource group in one Azure region, next to the data of that region's customers.
targetScope = 'subscription'

import { callerTokens, exportRules, hostingPlan, limits, scale } from 'types.bicep'

@description('The region in our own words, such as emea. It is part of every name.')
@minLength(2)
@maxLength(8)
param stamp string

@description('Which of several installations of the region it is, such as prod.')
@minLength(2)
@maxLength(6)
param environmentName string = 'prod'

@description('The Azure region.')
param location string

@description('The hosts of Dynamics 365 organizations whose customers belong to this stamp, such as crm4.dynamics.com.')
@minLength(1)
param dataverseHosts string[]

@description('Flex Consumption, or Elastic Premium where the cloud lacks it.')
param plan hostingPlan = 'flex'

@description('How many instances there are, and how large they are.')
param instances scale = { mostInstances: 100, memory: 2048, readyInstances: 1 }

@description('Whether everything is spread over the zones of the region. Not every region has zones.')
param zoneRedundant bool = true

@description('Whether storage and vault are reached through a private network alone. Large inputs then have to be sent from within that network.')
param privateNetworking bool = false

@description('The client id of the application in Entra ID, from application.bicep or scripts/application.sh.')
param entraClientId string

@description('Who issues the tokens of the callers.')
param callers callerTokens

@description('The Azure region of the portal, one of those that Static Web Apps has; empty where the cloud has none and the portal is served elsewhere.')
param portalLocation string = ''

@description('Further origins in which the portal or the product\'s own pages are shown, such as https://portal.example.')
param portalOrigins string[] = []

@description('The host name under which the API is reached from outside, where that is not the function app\'s own.')
param publicHost string = ''

@description('How much one tenant and one user may do.')
param allowed limits = {
  requestsPerMinute: 6000
  userRequestsPerMinute: 1200
  runningExports: 200
  userRunningExports: 50
  recordsPerDay: 10000000
}

@description('How exports run.')
param exporting exportRules = {
  chunkSize: 500
  window: 8
  leaseSeconds: 300
  httpReadSeconds: 100
  retentionDays: 30
  reviveSchedule: '0 */5 * * * *'
  watchSchedule: '30 */5 * * * *'
  retentionSchedule: '0 30 3 * * *'
}

@description('Who is told of alerts: the address of a mailbox or of an on-call service.')
param alertEmail string

@description('Where docs/operations.md is read, for the links in alerts.')
param runbooks string = 'https://github.com/example/dynamics-export/blob/main/docs/operations.md'

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logDays int = 90

@description('What the stamp may cost in a month, in the currency of the subscription; 0 sets no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('The first day of the first month of the budget.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('Who may deploy code from GitHub, such as repo:OWNER/NAME:environment:emea; empty for nobody.')
param deployerSubject string = ''

@description('The id of the group in Entra ID that may read logs; empty for nobody.')
param operatorsGroupId string = ''

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
  tags: union(tags, { dataverse: join(dataverseHosts, ' ') })
}

module names 'modules/names.bicep' = {
  params: { stamp: stamp, environmentName: environmentName, publicHost: publicHost }
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: 'id-${name}', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    logDays: logDays
    publisherId: identity.outputs.app.principalId
    operatorsGroupId: operatorsGroupId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: { name: name, location: location, tags: tags, plan: plan }
}

module portal 'modules/portal.bicep' = if (!empty(portalLocation)) {
  scope: group
  params: { name: name, location: portalLocation, tags: tags }
}

var origins = concat(empty(portalLocation) ? [] : ['https://${portal!.outputs.hostName}'], portalOrigins)

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: {
    name: names.outputs.hostStorage
    location: location
    tags: tags
    zoneRedundant: zoneRedundant
    public: !privateNetworking
    principalId: identity.outputs.app.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'modules/data-storage.bicep' = {
  scope: group
  params: {
    name: names.outputs.dataStorage
    location: location
    tags: union(tags, { data: 'customer' })
    zoneRedundant: zoneRedundant
    public: !privateNetworking
    uploadOrigins: origins
    exportDays: exporting.retentionDays
    principalId: identity.outputs.app.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: names.outputs.vault
    location: location
    tags: union(tags, { data: 'customer' })
    public: !privateNetworking
    principalId: identity.outputs.app.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module endpoints 'modules/endpoints.bicep' = if (privateNetworking) {
  scope: group
  params: {
    location: location
    tags: tags
    network: network!.outputs.network
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    vaultId: vault.outputs.id
  }
}

module api 'modules/functions.bicep' = {
  scope: group
  params: {
    name: names.outputs.site
    location: location
    tags: tags
    plan: plan
    instances: instances
    zoneRedundant: zoneRedundant
    identity: identity.outputs.app
    hostStorageName: hostStorage.outputs.name
    packageContainer: hostStorage.outputs.packageContainer
    dataStorageName: dataStorage.outputs.name
    keyId: vault.outputs.keyId
    insightsConnection: monitoring.outputs.connection
    workspaceId: monitoring.outputs.workspaceId
    subnetId: privateNetworking ? network!.outputs.network.appSubnetId : ''
    apiUrl: names.outputs.apiUrl
    portalOrigins: origins
    entraClientId: entraClientId
    callers: callers
    allowed: allowed
    exporting: exporting
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    email: alertEmail
    runbooks: runbooks
    insightsId: monitoring.outputs.insightsId
    storageIds: [hostStorage.outputs.id, dataStorage.outputs.id]
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { name: name, location: location, tags: tags, insightsId: monitoring.outputs.insightsId }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  params: { name: name, amount: monthlyBudget, start: budgetStart, email: alertEmail }
}

module deployer 'modules/deployer.bicep' = if (!empty(deployerSubject)) {
  scope: group
  params: {
    name: 'id-deploy-${name}'
    location: location
    tags: tags
    subject: deployerSubject
    siteName: api.outputs.name
    hostStorageName: hostStorage.outputs.name
    packageContainer: hostStorage.outputs.packageContainer
  }
}

module portalDeployer 'modules/portal-deployer.bicep' = if (!empty(deployerSubject) && !empty(portalLocation)) {
  scope: group
  params: { principalId: deployer!.outputs.principalId, portalName: portal!.outputs.name }
}

@description('The resource group of the stamp.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The function app, to which the package is deployed.')
output FUNCTION_APP string = api.outputs.name

@description('The address of the API; its /health is asked after a deployment.')
output API_URL string = names.outputs.apiUrl

@description('The address to which Entra ID returns; the application has to name it.')
output REDIRECT_URI string = api.outputs.redirectUri

@description('Where large inputs are uploaded to, by signed addresses; the portal has to be allowed to.')
output UPLOAD_URL string = dataStorage.outputs.blobUrl

@description('The static web app of the portal; empty where there is none.')
output PORTAL_APP string = empty(portalLocation) ? '' : portal!.outputs.name

@description('The origins that may show the portal, by commas.')
output PORTAL_ORIGINS string = join(origins, ',')

@description('The container of packages, from which Elastic Premium runs the code.')
output PACKAGE_CONTAINER_URL string = hostStorage.outputs.packageContainerUrl

@description('By which the application in Entra ID trusts the function app.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.app.principalId

@description('The client id by which GitHub signs in to deploy; empty where nobody may.')
output DEPLOYER_CLIENT_ID string = empty(deployerSubject) ? '' : deployer!.outputs.clientId
