"""Every role that the code needs is assigned where it needs it, and no other."""

from collections.abc import Iterator
from dataclasses import dataclass

from local.bicep.across.code import Code
from local.bicep.evaluation import Deployed
from local.bicep.findings import Finding
from local.bicep.rules.policy import at_path, type_of
from local.bicep.syntax.tree import Index, Keyword, Member, Name, Node, body_of

_ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
_DEFINITION = "Microsoft.Authorization/roleDefinitions"
_ACCOUNT = "Microsoft.Storage/storageAccounts"
_CONTAINER = f"{_ACCOUNT}/blobServices/containers"

# "Azure built-in roles".
NAMES = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": "Key Vault Crypto Service Encryption User",
    "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "de139f84-1756-47ae-9be6-808fbbe84772": "Website Contributor",
    "73c42c96-874c-492b-b04d-ab87d138a893": "Log Analytics Reader",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A role on resources of a type, in one file. `sign` is what in the code needs it; None: people do.

    A role that the file defines itself goes by the name of its resource.
    """

    role: str
    on: str
    file: str
    sign: str | None
    why: str


NEEDS = (
    Need(
        "Storage Blob Data Owner", _ACCOUNT, "host-storage", "queue_trigger(", "leases and keys of the host"
    ),
    Need(
        "Storage Queue Data Contributor", _ACCOUNT, "host-storage", "queue_trigger(", "triggers and messages"
    ),
    Need(
        "Storage Table Data Contributor", _ACCOUNT, "host-storage", "queue_trigger(", "the host's own events"
    ),
    Need("Storage Table Data Contributor", _ACCOUNT, "data-storage", "TableServiceClient(", "the tables"),
    Need("Storage Blob Data Contributor", _CONTAINER, "data-storage", "BlobServiceClient(", "the blobs"),
    Need("Storage Blob Delegator", _ACCOUNT, "data-storage", "get_user_delegation_key(", "signed uploads"),
    Need(
        "Key Vault Crypto Service Encryption User",
        "Microsoft.KeyVault/vaults/keys",
        "vault",
        "CryptographyClient(",
        "wrapping data keys",
    ),
    Need(
        "Monitoring Metrics Publisher",
        "Microsoft.Insights/components",
        "monitoring",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "telemetry",
    ),
    Need(
        "Log Analytics Reader",
        "Microsoft.OperationalInsights/workspaces",
        "monitoring",
        None,
        "operators",
    ),
    Need("Website Contributor", "Microsoft.Web/sites", "deployer", None, "deployments"),
    Need("Storage Blob Data Contributor", _CONTAINER, "deployer", None, "packages"),
    Need("publisher", "Microsoft.Web/staticSites", "portal-deployer", None, "the portal's files"),
)


def judge_roles(resources: list[Deployed], code: Code) -> Iterator[Finding]:
    """Roles that are missing, surplus or unknown."""
    found: set[tuple[str, str, str]] = set()
    needs = {
        (need.role, need.on, need.file): need for need in NEEDS if need.sign is None or need.sign in code.text
    }
    for each in resources:
        if each.type == _DEFINITION and "*" in str(each.body):
            what = "A role of our own allows whatever a wildcard stands for."
            yield Finding(each.file.path, each.statement.at, what, "Name each action.")
        if each.type != _ASSIGNMENT:
            continue
        role = _role(each)
        key = (role, _scope(each), each.file.path.stem)
        found.add(key)
        if key not in needs:
            what = f"Nothing needs the role {role!r} on {key[1] or 'the whole resource group'}."
            yield Finding(
                each.file.path, each.statement.at, what, "Remove it, or say in across/roles.py what needs it."
            )
    for key, need in needs.items():
        if key not in found and resources:
            what = f"The role {need.role!r} on a {need.on} is not assigned: {need.why} need it."
            yield Finding(
                _place(resources, need).file.path, _place(resources, need).statement.at, what, "Assign it."
            )


def _role(each: Deployed) -> str:
    body = body_of(each.statement.value)
    named = at_path(body, "properties.roleDefinitionId") if body else None
    if (
        isinstance(named, Member)
        and isinstance(named.of, Name)
        and _type_named(each, named.of) == _DEFINITION
    ):
        return named.of.name
    properties = each.body.get("properties")
    value = properties.get("roleDefinitionId") if isinstance(properties, dict) else None
    guid = value.rpartition("/")[2] if isinstance(value, str) else ""
    return NAMES.get(guid, guid or "unknown")


def _scope(each: Deployed) -> str:
    body = body_of(each.statement.value)
    scope = body.get("scope") if body else None
    return _type_named(each, scope.of if isinstance(scope, Index) else scope)


def _type_named(each: Deployed, node: Node | None) -> str:
    """The type of the resource in the same file that a name stands for; empty where it stands for none."""
    if not isinstance(node, Name):
        return ""
    resources = each.file.tree.of(Keyword.RESOURCE)
    return next((type_of(other) for other in resources if other.name == node.name), "")


def _place(resources: list[Deployed], need: Need) -> Deployed:
    """Where a missing role belongs: the file that has the resource, else the first file of all."""
    return next((each for each in resources if each.file.path.stem == need.file), resources[0])
