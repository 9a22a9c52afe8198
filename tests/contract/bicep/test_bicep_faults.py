"""Faults put into the project's own infrastructure, one of each kind: every one is found."""

from dataclasses import replace

import pytest

from local.bicep.across.code import read_code
from local.bicep.check import Checker
from local.bicep.program import load, sources
from tests.bicep_programs import INFRA, Infrastructure


@pytest.fixture(scope="module")
def infrastructure() -> Infrastructure:
    return Infrastructure()


def test_the_infrastructure_as_it_is_has_no_findings(infrastructure: Infrastructure) -> None:
    assert infrastructure.said() == []


HOST, DATA, VAULT = "modules/host-storage.bicep", "modules/data-storage.bicep", "modules/vault.bicep"
SITE, ALERTS, NETWORK = "modules/functions.bicep", "modules/alerts.bicep", "modules/network.bicep"

FAULTS = {
    "a property is misspelt": (DATA, "accessTier:", "acessTier:", "Did you mean 'accessTier'?"),
    "a deep property is misspelt": (
        DATA,
        "daysAfterModificationGreaterThan",
        "daysAfterModifiedGreaterThan",
        "no property",
    ),
    "a property of a variant is misspelt": (ALERTS, "criterionType", "criterionTyp", "no property"),
    "a value is not in the list": (HOST, "kind: 'StorageV2'", "kind: 'StorageV3'", "not allowed"),
    "a type is wrong": (VAULT, "keySize: 3072", "keySize: '3072'", "int is wanted"),
    "a read-only property is written": (
        VAULT,
        "keySize: 3072",
        "keySize: 3072\n    keyUri: 'x'",
        "only be read",
    ),
    "a version is unknown": (VAULT, "vaults/keys@2024-11-01", "vaults/keys@2024-11-11", "version"),
    "a resource type is misspelt": (
        VAULT,
        "Authorization/locks@",
        "Authorization/lock@",
        "not among the facts",
    ),
    "a parameter of a module is missing": (
        "main.bicep",
        "    exportDays: exporting.retentionDays\n",
        "",
        "needs 'exportDays'",
    ),
    "a parameter of a module is surplus": (
        "main.bicep",
        "    exportDays:",
        "    exportDay: 1\n    exportDays:",
        "no property",
    ),
    "a module is not there": ("main.bicep", "modules/vault.bicep", "modules/vaults.bicep", "not there"),
    "an output of a module is misspelt": (
        "main.bicep",
        "vault.outputs.keyId",
        "vault.outputs.keyID",
        "no property",
    ),
    "a symbol is misspelt": (
        SITE,
        "serverFarmId: hosting.id",
        "serverFarmId: hostin.id",
        "Nothing is called",
    ),
    "a variable is not used": (SITE, "var flex =", "var unused = 1\nvar flex =", "not used"),
    "a parameter is not used": (
        VAULT,
        "param principalId",
        "@description('x')\nparam other string\n@description('x')\nparam principalId",
        "The param 'other' is not used",
    ),
    "a parent is the wrong one": (DATA, "parent: tables", "parent: blobs", "parent has to be"),
    "a region leaves out a parameter": (
        "regions/uk.bicepparam",
        "param alertEmail",
        "// param alertEmail",
        "has no default",
    ),
    "a region gives an unknown parameter": (
        "regions/uk.bicepparam",
        "param location",
        "param region",
        "no parameter 'region'",
    ),
    "a region gives a wrong value": (
        "regions/usgov.bicepparam",
        "'premium'",
        "'premum'",
        "Did you mean 'premium'?",
    ),
    "a stamp's name is too long": (
        "regions/uk.bicepparam",
        "stamp = 'uk'",
        "stamp = 'unitedkingdom'",
        "8 at most",
    ),
    "a number is too large": ("main.bicep", "chunkSize: 500", "chunkSize: 5000", "1000 at most"),
    "a number is too small": ("main.bicep", "window: 8", "window: 0", "1 at least"),
    "old TLS": (DATA, "'TLS1_2'", "'TLS1_0'", "minimumTlsVersion"),
    "shared keys": (
        DATA,
        "allowSharedKeyAccess: false",
        "allowSharedKeyAccess: true",
        "allowSharedKeyAccess",
    ),
    "public blobs": (
        DATA,
        "allowBlobPublicAccess: false",
        "allowBlobPublicAccess: true",
        "allowBlobPublicAccess",
    ),
    "plain HTTP": (SITE, "httpsOnly: true", "httpsOnly: false", "httpsOnly"),
    "FTP": (SITE, "ftpsState: 'Disabled'", "ftpsState: 'AllAllowed'", "ftpsState"),
    "passwords deploy": (SITE, "properties: { allow: false }", "properties: { allow: true }", "allow"),
    "access policies": (
        VAULT,
        "enableRbacAuthorization: true",
        "enableRbacAuthorization: false",
        "enableRbacAuthorization",
    ),
    "a vault that can be purged": (VAULT, "    enablePurgeProtection: true\n", "", "enablePurgeProtection"),
    "no lock": (
        VAULT,
        "  scope: vault\n  properties: { level:",
        "  scope: wrappingKey\n  properties: { level:",
        "locks",
    ),
    "no logs": (SITE, "  scope: site\n", "  scope: hosting\n", "sends its logs"),
    "no tags": (NETWORK, "  tags: tags\n", "", "has no tags"),
    "a host of one cloud": (NETWORK, "'10.40.0.0/16'", "'x.blob.core.windows.net'", "public cloud's"),
    "a secret is read": (
        SITE,
        "string(exporting.window)",
        "string(hostStorage.listKeys().keys[0].value)",
        "secret",
    ),
    "a client secret": (
        "modules/entra.bicep",
        "  web: {",
        "  passwordCredentials: []\n  web: {",
        "must not write",
    ),
    "a setting is missing": (
        SITE,
        "  EXPORT_WINDOW: string(exporting.window)\n",
        "",
        "EXPORT_WINDOW, which is read",
    ),
    "a setting is misspelt": (SITE, "  EXPORT_WINDOW:", "  EXPORT_WINDOWS:", "Did you mean 'EXPORT_WINDOW'?"),
    "a setting that nobody reads": (
        SITE,
        "  EXPORT_WINDOW:",
        "  EXPORT_COLOUR: 'red'\n  EXPORT_WINDOW:",
        "No code reads",
    ),
    "a queue is misspelt": (HOST, "'erasures'", "'erasure'", "Did you mean 'erasures'?"),
    "a queue that nobody uses": (
        HOST,
        "'erasures'",
        "'erasures', 'letters'",
        "No code uses the queue 'letters'",
    ),
    "a poison queue is missing": (HOST, "'${each}-poison'", "'${each}-poisoned'", "exports-split-poison"),
    "a table is missing": (DATA, "  'writes'\n", "", "The table 'writes'"),
    "a container is missing": (DATA, "['exports', 'metadata']", "['exports']", "The container 'metadata'"),
    "a role is missing": (DATA, "scope: container[i]", "scope: account", "Storage Blob Data Contributor"),
    "a role is too much": (
        VAULT,
        "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "12338af0-0e69-4776-bea7-57ae8d297424",
        "Key Vault Crypto User",
    ),
    "a role of our own is defined beside the one that is given": (
        "modules/portal-deployer.bicep",
        "roleDefinitionId: publisher.id",
        "roleDefinitionId: portal.id",
        "Nothing needs the role",
    ),
    "a role of our own may do anything": (
        "modules/portal-deployer.bicep",
        "staticSites/listSecrets/action",
        "staticSites/*",
        "whatever a wildcard stands for",
    ),
    "a role is unknown": (VAULT, "e147488a-f6f5", "e147488b-f6f5", "Nothing needs the role"),
    "a host that the code refuses": (
        "regions/uk.bicepparam",
        "crm11.dynamics.com",
        "crm11.dynamic.com",
        "refuses",
    ),
    "a tag of azd is misspelt": (SITE, "'azd-service-name'", "'azd-servce-name'", "azd cannot deploy"),
    "a variable that nobody hands over": (
        "regions/uk.bicepparam",
        "readEnvironmentVariable('ALERT_EMAIL')",
        "readEnvironmentVariable('ALERT_MAIL')",
        "hands no 'ALERT_MAIL' over. Did you mean 'ALERT_EMAIL'?",
    ),
    "a host of two regions": (
        "regions/uk.bicepparam",
        "crm11.dynamics.com",
        "crm4.dynamics.com",
        "belongs to the region",
    ),
    "a host of another cloud": (
        "regions/cn.bicepparam",
        "crm.dynamics.cn",
        "crm99.dynamics.com",
        "of the cloud public",
    ),
    "a stamp that is not its file": (
        "regions/uk.bicepparam",
        "param stamp = 'uk'",
        "param stamp = 'gb'",
        "not called like",
    ),
    "a name that is too long": (
        "modules/names.bicep",
        "'dx${short}d${mark}'",
        "'dynamics${short}d${mark}'",
        "characters",
    ),
    "a name with a forbidden character": (
        "modules/names.bicep",
        "'dx${short}h${mark}'",
        "'dx-${short}h${mark}'",
        "[a-z0-9]+",
    ),
    "an alert on what nobody counts": (ALERTS, '"exports.stalled"', '"exports.staled"', "does not count"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_of_each_kind_is_found(infrastructure: Infrastructure, kind: str) -> None:
    path, old, new, what = FAULTS[kind]
    found = infrastructure.said(path, old, new)
    assert any(what in each for each in found), found


def test_an_alert_without_a_runbook_is_found() -> None:
    texts = sources(INFRA)
    code = replace(read_code(), runbooks=frozenset({"poison-messages"}))
    found = [str(each) for each in Checker(code).check(load(INFRA, texts))]
    assert any("The alert 'throttling' has no runbook" in each for each in found)
    assert not any("The alert 'poison-messages'" in each for each in found)


def test_a_setting_that_the_code_begins_to_read_is_missed() -> None:
    code = read_code()
    code = replace(code, settings=code.settings | {"NEW_SETTING"})
    (finding,) = Checker(code).check(load(INFRA, sources(INFRA)))
    assert "NEW_SETTING, which is read by the code or the host, is not set" in finding.what


def test_a_role_that_the_code_no_longer_needs_is_found() -> None:
    code = read_code()
    code = replace(code, text=code.text.replace("get_user_delegation_key(", "nothing("))
    (finding,) = Checker(code).check(load(INFRA, sources(INFRA)))
    assert "Nothing needs the role 'Storage Blob Delegator'" in finding.what
