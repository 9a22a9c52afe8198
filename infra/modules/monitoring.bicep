import { tagSet } from '../types.bicep'

@description('The stamp and its environment, such as emea-prod.')
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Days for which logs are kept.')
param logDays int

@description('The identity that writes telemetry.')
param publisherId string

@description('The group that may read logs; empty for nobody.')
param operatorsGroupId string

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var logAnalyticsReader = '73c42c96-874c-492b-b04d-ab87d138a893'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logDays
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

resource publish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, publisherId, monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: publisherId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorsGroupId)) {
  name: guid(workspace.id, operatorsGroupId, logAnalyticsReader)
  scope: workspace
  properties: {
    principalId: operatorsGroupId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsReader)
  }
}

@description('The workspace of the logs.')
output workspaceId string = workspace.id

@description('Application Insights.')
output insightsId string = insights.id

@description('Where telemetry is sent. It is an address, no secret: local authentication is off.')
output connection string = insights.properties.ConnectionString
