"""What a proven sign-in changes: the connection is made, or the approval noted."""

from collections.abc import Callable
from dataclasses import replace

from functions.connect.approvals import Approvals
from functions.connect.service import usable_connection
from functions.connect.stores import ConnectStores
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.connection import Connection, FlowPurpose, ProvenSignIn
from shared.domain.errors import Conflict, ServiceError, Transient
from shared.domain.ids import TenantId, UserId
from shared.entra.principals import TENANT, of_user
from shared.storage.defaults import DEFAULT_ETAG
from shared.storage.table import Changed

_ATTEMPTS = 5
_DONE = {
    FlowPurpose.TENANT_CONNECTION: AuditAction.CONNECTION_MADE,
    FlowPurpose.USER_CONNECTION: AuditAction.OWN_CONNECTION_MADE,
    FlowPurpose.ADMIN_CONSENT: AuditAction.CONSENT_GRANTED,
    FlowPurpose.APPROVAL: AuditAction.CONSENT_GRANTED,
}

Resume = Callable[[TenantId, UserId | None], object]
"""Sets the paused exports of a tenant going, or those of one person alone."""


class Completion:
    """The last step of every sign-in, whoever it waited for before."""

    def __init__(
        self,
        stores: ConnectStores,
        approvals: Approvals,
        *,
        forget_tokens: Callable[[TenantId], None],
        resume_exports: Resume,
    ) -> None:
        self._stores = stores
        self._approvals = approvals
        self._forget_tokens = forget_tokens
        self._resume_exports = resume_exports

    def complete(self, sign_in: ProvenSignIn) -> None:
        """Connects, or grants. A ServiceError where that is not possible any more; both are audited."""
        purpose = sign_in.purpose
        try:
            self._complete(sign_in)
        except ServiceError as error:
            self._stores.trail.note(sign_in, AuditAction.SIGN_IN_REFUSED, f"{purpose}/{error.code}")
            raise
        self._stores.trail.note(sign_in, _DONE[purpose], purpose.value, after=sign_in.organization)
        log.info("sign-in ended", purpose=purpose)

    def _complete(self, sign_in: ProvenSignIn) -> None:
        connection = sign_in.connection
        if connection is None:
            self._grant(sign_in)
        elif sign_in.purpose is FlowPurpose.USER_CONNECTION:
            self._connect_user(sign_in, connection)
            self._connected(sign_in, of_user(sign_in.user), sign_in.user)
        else:
            self._connect_tenant(sign_in, connection)
            self._connected(sign_in, TENANT, None)

    def _connected(self, sign_in: ProvenSignIn, principal: str, only: UserId | None) -> None:
        """Sets paused exports going. The connection stands without it, and the timer does it later."""
        self._approvals.done(sign_in.tenant, sign_in.user)
        self._stores.attentions.clear(sign_in.tenant, principal)
        try:
            self._resume_exports(sign_in.tenant, only)
        except Transient as error:
            log.warning("paused exports not resumed", code=error.code, detail=error.detail)

    def _connect_tenant(self, sign_in: ProvenSignIn, connection: Connection) -> None:
        tenant = sign_in.tenant
        before = self._stores.connections.get(tenant)
        if before is not None and before.value.organization != sign_in.organization:
            self._forget_users(tenant)
        self._stores.tokens.put(tenant, TENANT, sign_in.tokens)
        self._forget_tokens(tenant)
        try:
            self._keep(
                tenant, lambda kept: replace(connection, consent_granted=_still_granted(kept, sign_in))
            )
        except Conflict:
            self._stores.tokens.delete(tenant, TENANT)
            raise

    def _connect_user(self, sign_in: ProvenSignIn, connection: Connection) -> None:
        tenant, user = sign_in.tenant, sign_in.user
        if usable_connection(self._stores, tenant, user).organization != sign_in.organization:
            raise _ended_meanwhile()
        stored = self._stores.user_connections.get(tenant, user)
        self._stores.tokens.put(tenant, of_user(user), sign_in.tokens)
        self._forget_tokens(tenant)
        try:
            etag = stored.etag if stored else DEFAULT_ETAG
            self._stores.user_connections.replace(tenant, user, connection, etag)
        except Changed as error:
            self._stores.tokens.delete(tenant, of_user(user))
            raise _ended_meanwhile() from error

    def _grant(self, sign_in: ProvenSignIn) -> None:
        try:
            self._keep(sign_in.tenant, lambda kept: _granted(kept, sign_in))
        except Conflict:
            if sign_in.purpose is FlowPurpose.ADMIN_CONSENT:
                raise
        self._approvals.granted(sign_in.tenant, sign_in.directory)

    def _keep(self, tenant: TenantId, change: Callable[[Connection], Connection]) -> None:
        """Changes the tenant's connection, however often others do so too; Conflict when it was ended."""
        for _ in range(_ATTEMPTS):
            stored = self._stores.connections.get(tenant)
            if stored is None:
                raise _ended_meanwhile()
            try:
                self._stores.connections.replace(tenant, change(stored.value), stored.etag)
            except Changed:
                continue
            return
        raise Transient("connectionBusy", "The connection is being changed by others. Try again.")

    def _forget_users(self, tenant: TenantId) -> None:
        """Everybody's own connection is to the organization that the tenant leaves."""
        self._stores.user_connections.delete_all(tenant)
        self._stores.tokens.delete_all(tenant)


def _still_granted(before: Connection, sign_in: ProvenSignIn) -> bool:
    return before.consent_granted and before.directory == sign_in.directory


def _granted(kept: Connection, sign_in: ProvenSignIn) -> Connection:
    """A tenant that moved to another directory in the meantime was not granted anything there."""
    return replace(kept, consent_granted=True) if kept.directory == sign_in.directory else kept


def _ended_meanwhile() -> Conflict:
    return Conflict(
        "connectionEnded",
        "An administrator disconnected Dynamics while you signed in. Start again if that was not meant.",
    )
