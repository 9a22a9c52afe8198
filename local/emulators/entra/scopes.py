"""What a `scope` parameter asks for, and which API each resource in it belongs to."""

from dataclasses import dataclass

from local.emulators.entra.directory import Application, Directory, World
from local.emulators.entra.errors import EntraError

DEFAULT = ".default"
# "Scopes and permissions in the Microsoft identity platform", OpenID Connect scopes.
OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
# The managed identity's audience when it stands in for an application's secret: what is asked for,
# and what the token then says. "Configure an application to trust a managed identity".
EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
EXCHANGE_APP = "fb60f99c-7a34-4190-8149-302f77469936"


@dataclass(frozen=True, slots=True)
class Api:
    """One API with its application id and what a consent page calls its permissions."""

    id: str
    name: str
    permissions: dict[str, str]


DYNAMICS = Api(
    "00000007-0000-0000-c000-000000000000",
    "Dynamics CRM",
    {"user_impersonation": "Access Dynamics 365 as organization users"},
)
GRAPH = Api("00000003-0000-0000-c000-000000000000", "Microsoft Graph", {"openid": "Sign users in"})
# Well-known APIs that exist in every directory and are in no registration here.
OTHERS = {
    "https://graph.microsoft.com": GRAPH,
    "https://management.azure.com": Api(
        "797f4846-ba00-4fd7-ba43-dac1f8f63013", "Azure Service Management", {}
    ),
    "https://storage.azure.com": Api("e406a681-f3d4-42a8-90b6-c2b029497af1", "Azure Storage", {}),
    "https://vault.azure.net": Api("cfa8b339-82a2-471a-a3c9-0fe0be7a4093", "Azure Key Vault", {}),
}


@dataclass(frozen=True, slots=True)
class Requested:
    """A parsed scope: permissions by resource, and the OpenID scopes among them."""

    text: str
    openid: frozenset[str]
    resources: dict[str, tuple[str, ...]]

    def only_resource(self) -> str | None:
        """The one resource a token can be for; None where only OpenID scopes were asked for."""
        if len(self.resources) > 1:
            raise EntraError(700022, scope=self.text)
        return next(iter(self.resources), None)


def parse_scope(text: str) -> Requested:
    """The scopes of a request, sorted by resource; a bare permission name belongs to Microsoft Graph."""
    resources: dict[str, tuple[str, ...]] = {}
    words = text.split()
    for word in words:
        if word in OPENID_SCOPES:
            continue
        resource, _, permission = word.rpartition("/")
        if not permission or (not resource and not permission.replace(".", "").isalnum()):
            raise EntraError(70011, scope=word)
        key = resource or "https://graph.microsoft.com"
        resources[key] = (*resources.get(key, ()), permission)
    if not words:
        raise EntraError(900144, parameter="scope")
    return Requested(text, frozenset(words) & OPENID_SCOPES, resources)


def find_api(world: World, directory: Directory, resource: str) -> Api:
    """The API behind a resource in one directory; an organization exists only in its own directory."""
    plain = resource.rstrip("/").lower()
    if any(plain == found.url and found.directory == directory.id for found in world.organizations):
        return DYNAMICS
    if plain in OTHERS:
        return OTHERS[plain]
    raise EntraError(500011, resource=resource, tenant=directory.name)


def registered_api(world: World, directory: Directory, application: Application, resource: str) -> Api:
    """The API behind a resource that the application's registration lists."""
    api = find_api(world, directory, resource)
    if api is not DYNAMICS:
        raise EntraError(
            650057,
            client_id=application.id,
            name=application.name,
            resource=resource,
            api=api.id,
            valid=DYNAMICS.id,
        )
    return api


def expand(api: Api, application: Application, permissions: tuple[str, ...]) -> tuple[str, ...]:
    """The permissions by name: `.default` means all that the registration lists."""
    unknown = [name for name in permissions if name != DEFAULT and name not in api.permissions]
    if unknown:
        raise EntraError(650053, name=application.name, scope=unknown[0], api=api.id)
    return tuple(api.permissions) if DEFAULT in permissions else permissions


def granted_scope(resource: str, permissions: tuple[str, ...], names: tuple[str, ...]) -> str:
    """The `scope` of an answer: the permissions by name, and `.default` again where it was asked for."""
    extra = (DEFAULT,) if DEFAULT in permissions else ()
    return " ".join(f"{resource}/{name}" for name in (*names, *extra))
