"""What administrators and users do with their connections, and for whom the integration is switched on."""

from collections.abc import Callable, Collection
from contextlib import suppress

from functions.connect.addresses import check_return_url
from functions.connect.starting import Starts
from functions.connect.stores import ConnectStores
from functions.identity import Caller
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.connection import (
    Access,
    Connection,
    ConnectionState,
    FlowPurpose,
)
from shared.domain.errors import Conflict, Forbidden, InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import OrganizationUrl, parse_organization_url
from shared.entra.principals import TENANT, of_user
from shared.storage.defaults import DEFAULT_ETAG
from shared.storage.table import Changed, Stored


class ConnectService:
    """Connections of one tenant at a time. Every sign-in is only started here; the callback ends it."""

    def __init__(
        self,
        stores: ConnectStores,
        starts: Starts,
        directory_of: Callable[[OrganizationUrl], DirectoryId],
        *,
        forget_tokens: Callable[[TenantId], None],
        portal_origins: Collection[str],
    ) -> None:
        self._stores = stores
        self._starts = starts
        self._directory_of = directory_of
        self._forget_tokens = forget_tokens
        self._portal_origins = frozenset(portal_origins)

    def begin(self, caller: Caller, organization_url: str, return_url: str | None) -> str:
        """Where the Global Admin signs in. What is connected stays so until the sign-in has succeeded."""
        allowed = check_return_url(return_url, self._portal_origins)
        organization = parse_organization_url(organization_url)
        directory = self._directory_of(organization)
        url = self._starts.start(caller, FlowPurpose.TENANT_CONNECTION, (organization, directory), allowed)
        self._announce(caller, organization, directory)
        self._stores.trail.note(caller, AuditAction.CONNECTION_STARTED, "connection", after=organization)
        log.info("connection started", organization=organization.host)
        return url

    def begin_consent(self, caller: Caller, return_url: str | None) -> str:
        """Where an administrator of the directory grants access for all its users."""
        allowed = check_return_url(return_url, self._portal_origins)
        stored = self._stores.connections.get(caller.tenant)
        if stored is None or stored.value.state is ConnectionState.PENDING:
            raise Conflict("notConnected", "Connect to Dynamics first; then grant access to all users.")
        place = (stored.value.organization, stored.value.directory)
        url = self._starts.start(caller, FlowPurpose.ADMIN_CONSENT, place, allowed)
        self._stores.trail.note(caller, AuditAction.CONSENT_STARTED, "connection")
        log.info("consent started", organization=stored.value.organization.host)
        return url

    def disconnect(self, caller: Caller) -> None:
        """Ends the tenant's connection and everybody's own, and destroys every token. Settings stay."""
        before = self._stores.connections.get(caller.tenant)
        self._stores.flows.delete_all(caller.tenant)
        destroyed = self._stores.tokens.delete_all(caller.tenant)
        self._stores.user_connections.delete_all(caller.tenant)
        self._stores.connections.delete(caller.tenant)
        self._stores.attentions.clear(caller.tenant, TENANT)
        self._forget_tokens(caller.tenant)
        self._stores.trail.note(
            caller, AuditAction.CONNECTION_ENDED, "connection", before=before.value if before else None
        )
        log.info("tenant disconnected", destroyed=destroyed)

    def access(self, caller: Caller) -> Stored[Access]:
        """For whom the integration is switched on."""
        return self._stores.access.get(caller.tenant)

    def change_access(self, caller: Caller, access: Access, etag: str | None) -> Stored[Access]:
        """Switches the integration on or off, over the state that `etag` names, or over any when None."""
        before = self._stores.access.get(caller.tenant).value
        stored = Stored(access, self._stores.access.replace(caller.tenant, access, etag))
        self._stores.trail.note(caller, AuditAction.ACCESS_CHANGED, "access", before=before, after=access)
        log.info("access changed", enabled=access.enabled, everybody=access.users is None)
        return stored

    def begin_own(self, caller: Caller, organization_url: str, return_url: str | None) -> str:
        """Where the caller signs in for themselves; Forbidden while that is not switched on."""
        allowed = check_return_url(return_url, self._portal_origins)
        organization = parse_organization_url(organization_url)
        tenant = usable_connection(self._stores, caller.tenant, caller.user)
        if organization != tenant.organization:
            raise InvalidRequest(
                "otherOrganization",
                f"Your company is connected to {tenant.organization}. "
                "Use that address, or ask an administrator.",
            )
        place = (organization, tenant.directory)
        url = self._starts.start(caller, FlowPurpose.USER_CONNECTION, place, allowed)
        self._stores.trail.note(
            caller, AuditAction.OWN_CONNECTION_STARTED, "ownConnection", after=organization
        )
        log.info("own connection started", organization=organization.host)
        return url

    def disconnect_own(self, caller: Caller) -> None:
        """Ends the caller's own connection and destroys its tokens."""
        self._stores.user_connections.delete(caller.tenant, caller.user)
        self._stores.tokens.delete(caller.tenant, of_user(caller.user))
        self._stores.attentions.clear(caller.tenant, of_user(caller.user))
        self._forget_tokens(caller.tenant)
        self._stores.trail.note(caller, AuditAction.OWN_CONNECTION_ENDED, "ownConnection")
        log.info("user disconnected")

    def _announce(self, caller: Caller, organization: OrganizationUrl, directory: DirectoryId) -> None:
        """Shows a first connection as pending. Whoever was quicker with anything else is left alone."""
        stored = self._stores.connections.get(caller.tenant)
        if stored is not None and stored.value.state is not ConnectionState.PENDING:
            return
        pending = Connection(
            state=ConnectionState.PENDING,
            organization=organization,
            directory=directory,
            connected_by=caller.user,
        )
        with suppress(Changed):
            self._stores.connections.replace(caller.tenant, pending, stored.etag if stored else DEFAULT_ETAG)


def usable_connection(stores: ConnectStores, tenant: TenantId, user: UserId) -> Connection:
    """The tenant's connection, where this user may connect to it as well; else Forbidden."""
    stored = stores.connections.get(tenant)
    if stored is None or stored.value.state is not ConnectionState.CONNECTED:
        raise Forbidden(
            "tenantNotConnected",
            "Your company is not connected to Dynamics. Ask an administrator to connect it first.",
        )
    access = stores.access.get(tenant).value
    if not access.allows(user, None) and not access.allows(user, _email(stores, tenant, user)):
        raise Forbidden(
            "integrationOff",
            "The Dynamics integration is switched off for you. Ask an administrator to switch it on.",
        )
    return stored.value


def _email(stores: ConnectStores, tenant: TenantId, user: UserId) -> str | None:
    """The address in the newest token of whoever started; the callback brings no token."""
    known = stores.users.get(tenant, user)
    return known.email if known else None
