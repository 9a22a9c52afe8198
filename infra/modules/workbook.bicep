import { tagSet } from '../types.bicep'

@description('The stamp and its environment, such as emea-prod.')
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Application Insights.')
param insightsId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'exports')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Exports ${name}'
    category: 'workbook'
    sourceId: insightsId
    serializedData: loadTextContent('../workbook.json')
  }
}
