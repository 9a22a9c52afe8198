import { hostingPlan, privateNetwork, tagSet } from '../types.bicep'

@description('The stamp and its environment, such as emea-prod.')
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Which service the function app\'s subnet is lent to depends on the plan.')
param plan hostingPlan

@description('The addresses of the network.')
param addresses string = '10.40.0.0/16'

var lentTo = plan == 'flex' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms'

resource rules 'Microsoft.Network/networkSecurityGroups@2024-10-01' = {
  name: 'nsg-${name}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'from-the-internet-nothing'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-10-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addresses] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 0)
          networkSecurityGroup: { id: rules.id }
          delegations: [{ name: 'functions', properties: { serviceName: lentTo } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addresses, 24, 1)
          networkSecurityGroup: { id: rules.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

@description('The network, the subnet of the function app and that of the private endpoints.')
output network privateNetwork = {
  id: network.id
  appSubnetId: network.properties.subnets[0].id
  endpointSubnetId: network.properties.subnets[1].id
}
