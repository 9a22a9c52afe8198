import { tagSet } from '../types.bicep'

@description('The name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('The Azure region.')
param location string

@description('The tags.')
param tags tagSet

@description('Whether the vault is reached from outside a private network. It always asks for an identity.')
param public bool

@description('The identity of the function app.')
param principalId string

@description('The workspace of the logs.')
param workspaceId string

// To read the key's public half, to wrap and to unwrap, and nothing else.
var keyVaultCryptoServiceEncryptionUser = 'e147488a-f6f5-4113-8e2d-b22465e65bf6'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'premium' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: public ? 'enabled' : 'disabled'
    networkAcls: { bypass: 'None', defaultAction: public ? 'Allow' : 'Deny' }
  }
}

// Wraps the keys of the stored sign-ins. A new version every 90 days; old versions stay, because what they wrapped is still read.
resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'stored-sign-ins'
  tags: tags
  properties: {
    kty: 'RSA-HSM'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    rotationPolicy: {
      attributes: { expiryTime: 'P2Y' }
      lifetimeActions: [
        { action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P90D' } }
        { action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P30D' } }
      ]
    }
  }
}

resource useKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(wrappingKey.id, principalId, keyVaultCryptoServiceEncryptionUser)
  scope: wrappingKey
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultCryptoServiceEncryptionUser)
  }
}

resource keep 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'wrapping-key'
  scope: vault
  properties: { level: 'CanNotDelete', notes: 'Without this key no stored sign-in can be read.' }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('The vault.')
output id string = vault.id

@description('The key without a version: the newest one seals.')
output keyId string = wrappingKey.properties.keyUri
