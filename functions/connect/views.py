"""Connections as one caller sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.connect.approvals import Approvals, Offer
from functions.connect.stores import ConnectStores
from functions.identity import Caller
from shared.domain.connection import Attention, Connection, ConnectionState, FlowPurpose
from shared.entra.principals import TENANT, of_user
from shared.storage.table import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionView:
    """A connection as one caller sees it. `connection` None: there is none.

    `approval` is what the caller's own sign-in waits for.
    """

    state: ConnectionState
    connection: Connection | None
    enabled: bool
    shows_account: bool
    attention: Attention | None
    approval: Offer | None


class Views:
    """Puts together what a connection's row, the exports that wait and the approvals say."""

    def __init__(self, stores: ConnectStores, approvals: Approvals, clock: Callable[[], datetime]) -> None:
        self._stores = stores
        self._approvals = approvals
        self._clock = clock

    def of_tenant(self, caller: Caller) -> ConnectionView:
        """The tenant's connection."""
        stored = self._stores.connections.get(caller.tenant)
        return self._view(caller, stored, TENANT, shows_account=caller.is_admin)

    def of_caller(self, caller: Caller) -> ConnectionView:
        """The caller's own connection."""
        stored = self._stores.user_connections.get(caller.tenant, caller.user)
        return self._view(caller, stored, of_user(caller.user), shows_account=True)

    def _view(
        self, caller: Caller, stored: Stored[Connection] | None, principal: str, *, shows_account: bool
    ) -> ConnectionView:
        connection = stored.value if stored else None
        state = connection.state if connection else ConnectionState.DISCONNECTED
        if state is ConnectionState.PENDING and not self._is_awaited(caller):
            connection, state = None, ConnectionState.DISCONNECTED
        return ConnectionView(
            state=state,
            connection=connection,
            enabled=self._stores.access.get(caller.tenant).value.allows(caller.user, caller.email),
            shows_account=shows_account,
            attention=self._attention(caller, connection, principal),
            approval=self._approvals.offer(caller),
        )

    def _attention(self, caller: Caller, connection: Connection | None, principal: str) -> Attention | None:
        """Why the connection is broken; else why exports through it wait."""
        if connection is not None and connection.attention is not None:
            return connection.attention
        return self._stores.attentions.get(caller.tenant, principal, self._clock())

    def _is_awaited(self, caller: Caller) -> bool:
        """A tenant's first connection is pending as long as its sign-in may be answered."""
        purpose = FlowPurpose.TENANT_CONNECTION
        return self._stores.flows.is_under_way(caller.tenant, purpose, self._clock())
