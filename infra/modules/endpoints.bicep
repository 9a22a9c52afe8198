import { privateNetwork, tagSet } from '../types.bicep'

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('The private network.')
param network privateNetwork

@description('The storage account of the host.')
param hostStorageId string

@description('The storage account of the customers\' data.')
param dataStorageId string

@description('The vault.')
param vaultId string

var storage = environment().suffixes.storage
// The suffix of vaults begins with a dot; their private zone has another first word.
var vaults = replace(environment().suffixes.keyvaultDns, '.vault.', 'privatelink.vaultcore.')

// In the order of the zones, by which the endpoints below refer to them.
var zoneNames = ['privatelink.blob.${storage}', 'privatelink.queue.${storage}', 'privatelink.table.${storage}', vaults]
var doors = [
  { name: 'host-blob', target: hostStorageId, group: 'blob', zone: 0 }
  { name: 'host-queue', target: hostStorageId, group: 'queue', zone: 1 }
  { name: 'host-table', target: hostStorageId, group: 'table', zone: 2 }
  { name: 'data-blob', target: dataStorageId, group: 'blob', zone: 0 }
  { name: 'data-table', target: dataStorageId, group: 'table', zone: 2 }
  { name: 'vault', target: vaultId, group: 'vault', zone: 3 }
]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [for each in zoneNames: {
  name: each
  location: 'global'
  tags: tags
}]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (each, i) in zoneNames: {
  parent: zone[i]
  name: 'to-${last(split(network.id, '/'))}'
  location: 'global'
  tags: tags
  properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-10-01' = [for door in doors: {
  name: 'pe-${door.name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network.endpointSubnetId }
    privateLinkServiceConnections: [
      {
        name: door.name
        properties: { privateLinkServiceId: door.target, groupIds: [door.group] }
      }
    ]
  }
}]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-10-01' = [for (door, i) in doors: {
  parent: endpoint[i]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: door.group, properties: { privateDnsZoneId: zone[door.zone].id } }]
  }
}]
