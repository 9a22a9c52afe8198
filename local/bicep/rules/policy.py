"""What this project asks of each resource, whatever Azure allows: identity, encryption, logs, tags, locks."""

from collections.abc import Iterator
from dataclasses import dataclass

from local.bicep.judgement import Judgement
from local.bicep.program import SourceFile
from local.bicep.shapes.azure import known_type, written_shape
from local.bicep.syntax.tree import Call, Keyword, Literal, Name, Node, Object, Statement, Text, body_of, walk

_STORAGE = "Microsoft.Storage/storageAccounts"
_VAULT = "Microsoft.KeyVault/vaults"
_SITE = "Microsoft.Web/sites"
_LOGGED = (
    _SITE,
    _VAULT,
    f"{_STORAGE}/blobServices",
    f"{_STORAGE}/queueServices",
    f"{_STORAGE}/tableServices",
)
_LOCKED = {_VAULT: _VAULT, f"{_STORAGE}/tableServices/tables": _STORAGE}
_OF_A_CLOUD = (
    "core.windows.net",
    "vault.azure.net",
    "login.microsoftonline.",
    "database.windows.net",
    "azurewebsites.net/",
)


Plain = str | int | bool


@dataclass(frozen=True, slots=True)
class Demand:
    """A property that has to be written with one of these values."""

    type: str
    path: str
    values: tuple[Plain, ...]
    why: str


DEMANDS = (
    Demand(_STORAGE, "properties.allowBlobPublicAccess", (False,), "nobody reads blobs without an identity"),
    Demand(
        _STORAGE, "properties.allowSharedKeyAccess", (False,), "a key cannot be taken back from one holder"
    ),
    Demand(_STORAGE, "properties.allowCrossTenantReplication", (False,), "data stays in this directory"),
    Demand(
        _STORAGE,
        "properties.defaultToOAuthAuthentication",
        (True,),
        "the portal of Azure uses identities as well",
    ),
    Demand(_STORAGE, "properties.minimumTlsVersion", ("TLS1_2", "TLS1_3"), "older TLS is broken"),
    Demand(_STORAGE, "properties.supportsHttpsTrafficOnly", (True,), "nothing travels in the clear"),
    Demand(
        _STORAGE, "properties.networkAcls.bypass", ("None",), "other services of Azure have no business here"
    ),
    Demand(
        f"{_STORAGE}/blobServices/containers",
        "properties.publicAccess",
        ("None",),
        "blobs are customers' data",
    ),
    Demand(
        f"{_STORAGE}/blobServices",
        "properties.deleteRetentionPolicy.enabled",
        (True,),
        "mistakes can be undone",
    ),
    Demand(_VAULT, "properties.enableRbacAuthorization", (True,), "access policies cannot name one key"),
    Demand(_VAULT, "properties.enableSoftDelete", (True,), "a deleted key can come back"),
    Demand(
        _VAULT,
        "properties.enablePurgeProtection",
        (True,),
        "without the key nothing that it sealed can be read",
    ),
    Demand(
        _VAULT, "properties.networkAcls.bypass", ("None",), "other services of Azure have no business here"
    ),
    Demand(f"{_VAULT}/keys", "properties.kty", ("RSA-HSM", "EC-HSM"), "the key never leaves the hardware"),
    Demand(_SITE, "properties.httpsOnly", (True,), "nothing travels in the clear"),
    Demand(_SITE, "properties.siteConfig.minTlsVersion", ("1.2", "1.3"), "older TLS is broken"),
    Demand(_SITE, "properties.siteConfig.scmMinTlsVersion", ("1.2", "1.3"), "older TLS is broken"),
    Demand(_SITE, "properties.siteConfig.ftpsState", ("Disabled",), "code comes by deployments alone"),
    Demand(
        _SITE, "identity.type", ("UserAssigned",), "roles are assigned to one identity that outlives the app"
    ),
    Demand(
        f"{_SITE}/basicPublishingCredentialsPolicies", "properties.allow", (False,), "passwords do not deploy"
    ),
    Demand(
        "Microsoft.Insights/components", "properties.DisableLocalAuth", (True,), "telemetry needs an identity"
    ),
    Demand(
        "Microsoft.OperationalInsights/workspaces",
        "properties.features.disableLocalAuth",
        (True,),
        "as above",
    ),
    Demand(
        "Microsoft.Graph/applications",
        "signInAudience",
        ("AzureADMultipleOrgs",),
        "customers sign in, not consumers",
    ),
)
FORBIDDEN = {
    "Microsoft.Graph/applications": ("passwordCredentials", "keyCredentials"),
    _SITE: ("properties.siteConfig.appSettings", "properties.siteConfig.connectionStrings"),
}


def judge_policy(judgement: Judgement) -> None:
    """Judges one file."""
    for statement in judgement.file.tree.of(Keyword.RESOURCE):
        body = body_of(statement.value)
        if body is not None and not statement.existing:
            _demands(judgement, statement, body)
            _forbidden(judgement, statement, body)
            _tags(judgement, statement, body)
    _logs(judgement)
    _locks(judgement)
    _literals(judgement)


def type_of(statement: Statement) -> str:
    """The type of a resource, without its version."""
    return ((statement.label.plain if statement.label else None) or "").partition("@")[0]


def at_path(body: Object, path: str) -> Node | None:
    """The value at `a.b.c`, as far as it is written there; None where it is not."""
    node: Node | None = body
    for name in path.split("."):
        node = node.get(name) if isinstance(node, Object) else None
    return node


def _demands(judgement: Judgement, statement: Statement, body: Object) -> None:
    for demand in DEMANDS:
        if demand.type != type_of(statement):
            continue
        node = at_path(body, demand.path)
        value = node.value if isinstance(node, Literal) else node.plain if isinstance(node, Text) else None
        if value is None or value not in demand.values or type(value) is not type(demand.values[0]):
            wanted = " or ".join(_written(each) for each in demand.values)
            what = f"{demand.type} has to write {demand.path}: {wanted}, because {demand.why}."
            judgement.report(node.at if node else statement.at, what, "Write it so, as a plain value.")


def _written(value: Plain) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()


def _forbidden(judgement: Judgement, statement: Statement, body: Object) -> None:
    for path in FORBIDDEN.get(type_of(statement), ()):
        node = at_path(body, path)
        if node is not None:
            what = f"{type_of(statement)} must not write {path}."
            judgement.report(
                node.at,
                what,
                "Remove it: identities take the place of secrets, config 'appsettings' of settings.",
            )


def _tags(judgement: Judgement, statement: Statement, body: Object) -> None:
    kind = known_type(type_of(statement))
    graph = kind is not None and kind.written.startswith("graph.")
    if kind and not graph and "tags" in written_shape(kind).slots and body.get("tags") is None:
        judgement.report(statement.at, f"The resource {statement.name!r} has no tags.", "Add tags: tags.")


def _logs(judgement: Judgement) -> None:
    logged = {
        target
        for each in _of_type(judgement.file, "Microsoft.Insights/diagnosticSettings")
        for target in _scope(each)
    }
    for statement in (each for kind in _LOGGED for each in _of_type(judgement.file, kind)):
        if statement.name not in logged:
            what = f"The resource {statement.name!r} sends its logs and metrics nowhere."
            judgement.report(
                statement.at,
                what,
                f"Add a Microsoft.Insights/diagnosticSettings with scope: {statement.name}.",
            )


def _locks(judgement: Judgement) -> None:
    locked = {
        target
        for each in _of_type(judgement.file, "Microsoft.Authorization/locks")
        for target in _scope(each)
    }
    for holds, owner in _LOCKED.items():
        if not any(_of_type(judgement.file, holds)):
            continue
        for statement in _of_type(judgement.file, owner):
            if statement.name not in locked:
                what = f"The resource {statement.name!r} holds data and may be deleted by mistake."
                judgement.report(
                    statement.at, what, f"Add a Microsoft.Authorization/locks with scope: {statement.name}."
                )


def _of_type(file: SourceFile, kind: str) -> Iterator[Statement]:
    return (each for each in file.tree.of(Keyword.RESOURCE) if type_of(each) == kind and not each.existing)


def _scope(statement: Statement) -> Iterator[str]:
    body = body_of(statement.value)
    scope = body.get("scope") if body else None
    if isinstance(scope, Name):
        yield scope.name


def _literals(judgement: Judgement) -> None:
    for node in walk(judgement.file.tree.statements):
        if isinstance(node, Call) and node.name.startswith("list") and node.name != "list":
            judgement.report(node.at, f"{node.name} reads a secret.", "Use the managed identity.")
        if isinstance(node, Text):
            literal = "".join(part for part in node.parts if isinstance(part, str))
            for host in _OF_A_CLOUD:
                if host in literal:
                    what = f"{host!r} is the public cloud's; other clouds have other names."
                    judgement.report(
                        node.at, what, "Take it from environment() or from a resource's own properties."
                    )
