"""Which package knows which resource type: in the version that speaks the API version of the templates."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A package with its models, and the resource types that it describes: type to (written, read) model."""

    prefix: str
    package: str
    version: str
    folder: str
    api: str
    types: tuple[tuple[str, str, str], ...]


def _same(kind: str, model: str) -> tuple[str, str, str]:
    return kind, model, model


_ACCOUNTS = "Microsoft.Storage/storageAccounts"
_SITES = "Microsoft.Web/sites"

SOURCES = (
    Source(
        "storage",
        "azure-mgmt-storage",
        "24.0.0",
        "azure/mgmt/storage/models",
        "2025-06-01",
        (
            (_ACCOUNTS, "StorageAccountCreateParameters", "StorageAccount"),
            _same(f"{_ACCOUNTS}/blobServices", "BlobServiceProperties"),
            _same(f"{_ACCOUNTS}/blobServices/containers", "BlobContainer"),
            _same(f"{_ACCOUNTS}/queueServices", "QueueServiceProperties"),
            _same(f"{_ACCOUNTS}/queueServices/queues", "StorageQueue"),
            _same(f"{_ACCOUNTS}/tableServices", "TableServiceProperties"),
            _same(f"{_ACCOUNTS}/tableServices/tables", "Table"),
            _same(f"{_ACCOUNTS}/managementPolicies", "ManagementPolicy"),
        ),
    ),
    Source(
        "web",
        "azure-mgmt-web",
        "10.1.0",
        "azure/mgmt/web/models",
        "2025-03-01",
        (
            _same(_SITES, "Site"),
            _same(f"{_SITES}/config", "StringDictionary"),
            _same(f"{_SITES}/basicPublishingCredentialsPolicies", "CsmPublishingCredentialsPoliciesEntity"),
            _same("Microsoft.Web/serverfarms", "AppServicePlan"),
            _same("Microsoft.Web/staticSites", "StaticSiteARMResource"),
            _same("Microsoft.Web/staticSites/config", "StringDictionary"),
            _same(
                "Microsoft.Web/staticSites/customDomains",
                "StaticSiteCustomDomainRequestPropertiesARMResource",
            ),
        ),
    ),
    Source(
        "keyvault",
        "azure-mgmt-keyvault",
        "12.0.0",
        "azure/mgmt/keyvault/models",
        "2024-11-01",
        (
            ("Microsoft.KeyVault/vaults", "VaultCreateOrUpdateParameters", "Vault"),
            ("Microsoft.KeyVault/vaults/keys", "KeyCreateParameters", "Key"),
        ),
    ),
    Source(
        "monitor",
        "azure-mgmt-monitor",
        "7.0.0",
        "azure/mgmt/monitor/models",
        "2023-01-01",
        (_same("Microsoft.Insights/actionGroups", "ActionGroupResource"),),
    ),
    Source(
        "monitor",
        "azure-mgmt-monitor",
        "7.0.0",
        "azure/mgmt/monitor/models",
        "2023-12-01",
        (_same("Microsoft.Insights/scheduledQueryRules", "ScheduledQueryRuleResource"),),
    ),
    Source(
        "monitor",
        "azure-mgmt-monitor",
        "7.0.0",
        "azure/mgmt/monitor/models",
        "2018-03-01",
        (_same("Microsoft.Insights/metricAlerts", "MetricAlertResource"),),
    ),
    Source(
        "diagnostics",
        "azure-mgmt-monitor",
        "6.0.2",
        "azure/mgmt/monitor/v2021_05_01_preview/models",
        "2021-05-01-preview",
        (_same("Microsoft.Insights/diagnosticSettings", "DiagnosticSettingsResource"),),
    ),
    Source(
        "insights",
        "azure-mgmt-applicationinsights",
        "4.1.0",
        "azure/mgmt/applicationinsights/v2020_02_02/models",
        "2020-02-02",
        (_same("Microsoft.Insights/components", "ApplicationInsightsComponent"),),
    ),
    Source(
        "workbooks",
        "azure-mgmt-applicationinsights",
        "4.1.0",
        "azure/mgmt/applicationinsights/v2023_06_01/models",
        "2023-06-01",
        (_same("Microsoft.Insights/workbooks", "Workbook"),),
    ),
    Source(
        "logs",
        "azure-mgmt-loganalytics",
        "13.1.1",
        "azure/mgmt/loganalytics/models",
        "2025-07-01",
        (_same("Microsoft.OperationalInsights/workspaces", "Workspace"),),
    ),
    Source(
        "identity",
        "azure-mgmt-msi",
        "7.1.0",
        "azure/mgmt/msi/v2024_11_30/models",
        "2024-11-30",
        (
            _same("Microsoft.ManagedIdentity/userAssignedIdentities", "Identity"),
            _same(
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
                "FederatedIdentityCredential",
            ),
        ),
    ),
    Source(
        "roles",
        "azure-mgmt-authorization",
        "4.0.0",
        "azure/mgmt/authorization/v2022_04_01/models",
        "2022-04-01",
        (
            ("Microsoft.Authorization/roleAssignments", "RoleAssignmentCreateParameters", "RoleAssignment"),
            _same("Microsoft.Authorization/roleDefinitions", "RoleDefinition"),
        ),
    ),
    Source(
        "locks",
        "azure-mgmt-resource-locks",
        "1.0.0",
        "azure/mgmt/resource/locks/models",
        "2020-05-01",
        (_same("Microsoft.Authorization/locks", "ManagementLockObject"),),
    ),
    Source(
        "network",
        "azure-mgmt-network",
        "30.0.0",
        "azure/mgmt/network/models",
        "2024-10-01",
        (
            _same("Microsoft.Network/virtualNetworks", "VirtualNetwork"),
            _same("Microsoft.Network/networkSecurityGroups", "NetworkSecurityGroup"),
            _same("Microsoft.Network/privateEndpoints", "PrivateEndpoint"),
            _same("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "PrivateDnsZoneGroup"),
        ),
    ),
    Source(
        "dns",
        "azure-mgmt-privatedns",
        "1.2.0",
        "azure/mgmt/privatedns/models",
        "2024-06-01",
        (
            _same("Microsoft.Network/privateDnsZones", "PrivateZone"),
            _same("Microsoft.Network/privateDnsZones/virtualNetworkLinks", "VirtualNetworkLink"),
        ),
    ),
    Source(
        "budgets",
        "azure-mgmt-consumption",
        "10.0.0",
        "azure/mgmt/consumption/models",
        "2021-10-01",
        (_same("Microsoft.Consumption/budgets", "Budget"),),
    ),
    Source(
        "groups",
        "azure-mgmt-resource",
        "24.0.0",
        "azure/mgmt/resource/resources/v2024_11_01/models",
        "2024-11-01",
        (_same("Microsoft.Resources/resourceGroups", "ResourceGroup"),),
    ),
)
