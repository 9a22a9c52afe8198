import { tagSet } from '../types.bicep'

@description('The stamp and its environment, such as emea-prod.')
param name string

@description('The Azure region, one of those that Static Web Apps has. The files are served from all over the world.')
param location string

@description('The tags.')
param tags tagSet

resource portal 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'stapp-${name}'
  location: location
  tags: union(tags, { 'azd-service-name': 'portal' })
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    allowConfigFileUpdates: true
    stagingEnvironmentPolicy: 'Disabled'
    publicNetworkAccess: 'Enabled'
  }
}

@description('The name of the static web app.')
output name string = portal.name

@description('Its host name.')
output hostName string = portal.properties.defaultHostname
