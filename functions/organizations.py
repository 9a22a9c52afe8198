"""The customers' Dynamics organizations: a client for each, and what their tables are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import requests

from functions.identity import Caller
from shared import log
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata, from_json, read_table, to_json
from shared.dataverse.slots import Slots
from shared.domain.connection import Attention, Connection, ConnectionState, SignInLost
from shared.domain.errors import NeedsUser
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType, TenantId, UserId
from shared.domain.organization import OrganizationUrl
from shared.domain.preferences import ConnectionMode
from shared.entra.principals import TENANT, of_user, user_of
from shared.entra.tokens import AccessTokens
from shared.storage.attentions import AttentionStore
from shared.storage.blob import BlobStore
from shared.storage.connections import ConnectionStore
from shared.storage.keys import key
from shared.storage.table import Stored
from shared.storage.user_connections import UserConnectionStore

_CONNECTION_SEEN = timedelta(seconds=30)
"""How long a connection is used without a look at its row, where a disconnect would show."""

FOR_EXPORTS = timedelta(hours=1)
FOR_ADMINISTRATORS = timedelta(minutes=1)
_MOST_CLIENTS = 1000

Session = Callable[[], requests.Session]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How organizations are asked; `at_once` is how many requests of one account are under way here."""

    session: Session
    at_once: int


@dataclass(frozen=True, slots=True)
class _Open:
    client: DataverseClient
    seen_at: datetime


class Organizations:
    """Clients and tables by tenant. Safe to share between threads."""

    def __init__(
        self,
        *,
        outgoing: Outgoing,
        connections: ConnectionStore,
        user_connections: UserConnectionStore,
        tokens: AccessTokens,
        metadata: BlobStore,
        attentions: AttentionStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._outgoing = outgoing
        self._connections = connections
        self._user_connections = user_connections
        self._tokens = tokens
        self._metadata = metadata
        self._attentions = attentions
        self._clock = clock
        self._open: dict[tuple[TenantId, str], _Open] = {}
        self._tables: dict[str, TableMetadata] = {}
        self._lock = Lock()

    def client(self, tenant: TenantId, user: UserId, mode: ConnectionMode) -> DataverseClient:
        """A client that writes as the mode says: as the tenant's connection, or as the user themselves.

        NeedsUser where that connection is missing or has to be renewed.
        """
        principal = _principal(user, mode)
        known = self._open.get((tenant, principal))
        if known is not None and self._clock() - known.seen_at < _CONNECTION_SEEN:
            return known.client
        connection = self.connection(tenant, user, mode)
        client = known.client if known and known.client.organization == connection.organization else None
        client = client or self._new_client(tenant, principal, connection)
        with self._lock:
            if len(self._open) >= _MOST_CLIENTS:
                self._open.clear()
            self._open[tenant, principal] = _Open(client, self._clock())
        return client

    def connection(self, tenant: TenantId, user: UserId, mode: ConnectionMode) -> Connection:
        """The connection through which exports are written; NeedsUser says who has to do what."""
        if mode is ConnectionMode.SERVICE_ACCOUNT:
            return _usable(self._connections.get(tenant), _NOT_CONNECTED, _ASK_ADMIN)
        return _usable(self._user_connections.get(tenant, user), _NO_OWN_CONNECTION, _CONNECT_YOURSELF)

    def fresh_token(self, tenant: TenantId, user: UserId, mode: ConnectionMode) -> str:
        """A token straight from Entra ID, which proves that the sign-in is still good; SignInLost if not."""
        organization = self.connection(tenant, user, mode).organization
        return self._token(tenant, _principal(user, mode), organization, fresh=True)

    def needs_attention(self, tenant: TenantId, user: UserId, mode: ConnectionMode, error: NeedsUser) -> None:
        """Notes why exports through a connection wait, where whoever made the connection looks."""
        attention = Attention(error.code, error.message, self._clock())
        self._attentions.note(tenant, _principal(user, mode), attention)

    def table(
        self,
        tenant: TenantId,
        object_type: ObjectType,
        client: DataverseClient,
        max_age: timedelta = FOR_EXPORTS,
    ) -> TableMetadata:
        """The organization's own description of the table, at most so old."""
        name = f"{key(tenant)}/{client.organization.host}/{object_type}"
        known = self._tables.get(name)
        if known is not None and self._clock() - known.read_at < max_age:
            return known
        with self._lock:
            known = self._tables.get(name)
            if known is None or self._clock() - known.read_at >= max_age:
                known = self._kept(name, max_age) or self._read(name, object_type, client)
                self._tables[name] = known
            return known

    def columns(self, caller: Caller, object_type: ObjectType) -> ColumnCatalog:
        """The columns as an administrator sees them in a mapping."""
        client = self.client(caller.tenant, caller.user, ConnectionMode.SERVICE_ACCOUNT)
        return self.table(caller.tenant, object_type, client, FOR_ADMINISTRATORS).columns

    def forget(self, tenant: TenantId) -> None:
        """Drops what this process remembers of a tenant, as after a disconnect."""
        self._tokens.forget(tenant)
        with self._lock:
            self._open = {place: held for place, held in self._open.items() if place[0] != tenant}

    def _kept(self, name: str, max_age: timedelta) -> TableMetadata | None:
        cached = self._metadata.read(name)
        table = from_json(cached) if cached is not None else None
        return table if table is not None and self._clock() - table.read_at < max_age else None

    def _read(self, name: str, object_type: ObjectType, client: DataverseClient) -> TableMetadata:
        table = read_table(client, object_type)
        self._metadata.write(name, to_json(table))
        log.info("table read", object=object_type.value, columns=len(table.columns))
        return table

    def _new_client(self, tenant: TenantId, principal: str, connection: Connection) -> DataverseClient:
        def token(fresh: bool) -> str:  # noqa: FBT001 - the client's own signature
            return self._token(tenant, principal, connection.organization, fresh=fresh)

        slots = Slots(self._outgoing.at_once)
        session = self._outgoing.session()
        return DataverseClient(session, connection.organization, token, clock=self._clock, slots=slots)

    def _token(self, tenant: TenantId, principal: str, organization: OrganizationUrl, *, fresh: bool) -> str:
        try:
            return self._tokens.token(tenant, principal, organization, force=fresh)
        except SignInLost as error:
            self._mark(tenant, principal, Attention(error.reason, error.message, self._clock()))
            raise

    def _mark(self, tenant: TenantId, principal: str, attention: Attention) -> None:
        """Notes that a connection has to be renewed, so that whoever made it sees it."""
        user = user_of(principal)
        if user is None:
            self._connections.require_reauthorization(tenant, attention)
        else:
            self._user_connections.require_reauthorization(tenant, user, attention)


_NOT_CONNECTED = NeedsUser(
    "notConnected",
    "There is no connection to Dynamics. Ask your administrator to connect your organization to Dynamics.",
)
_NO_OWN_CONNECTION = NeedsUser(
    "ownConnectionMissing",
    "Your company exports under each person's own name, and you have not connected to Dynamics yet. "
    "Connect under Settings, Integrations, then export again.",
)
_ASK_ADMIN = "Ask your administrator to connect your organization to Dynamics again."
_CONNECT_YOURSELF = "Connect to Dynamics again under Settings, Integrations."


def _principal(user: UserId, mode: ConnectionMode) -> str:
    return TENANT if mode is ConnectionMode.SERVICE_ACCOUNT else of_user(user)


def _usable(stored: Stored[Connection] | None, missing: NeedsUser, advice: str) -> Connection:
    if stored is None or stored.value.state in {ConnectionState.DISCONNECTED, ConnectionState.PENDING}:
        raise NeedsUser(missing.code, missing.message)
    if stored.value.state is ConnectionState.REAUTHORIZATION_REQUIRED:
        why = stored.value.attention
        raise SignInLost(
            why.code if why else "signInMissing", f"The sign-in to Dynamics is no longer valid. {advice}"
        )
    return stored.value
