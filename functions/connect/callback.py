"""What becomes of a sign-in when Entra ID returns: the second half of every connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from functions.connect.approvals import MISSING, Approvals, Waiting
from functions.connect.service import usable_connection
from functions.connect.stores import ConnectStores
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.connection import AuthFlow, Connection, ConnectionState, FlowPurpose
from shared.domain.errors import Conflict, NeedsUser, ServiceError, Transient
from shared.domain.ids import TenantId, UserId
from shared.domain.organization import OrganizationUrl
from shared.entra.errors import sign_in_refused
from shared.entra.principals import TENANT, of_user
from shared.entra.sign_in import SignedIn, SignIn, check_issuer
from shared.storage.defaults import DEFAULT_ETAG
from shared.storage.table import Changed

_ATTEMPTS = 5
_DONE = {
    FlowPurpose.TENANT_CONNECTION: AuditAction.CONNECTION_MADE,
    FlowPurpose.USER_CONNECTION: AuditAction.OWN_CONNECTION_MADE,
    FlowPurpose.ADMIN_CONSENT: AuditAction.CONSENT_GRANTED,
    FlowPurpose.APPROVAL: AuditAction.CONSENT_GRANTED,
}


class WhoAmI(Protocol):
    """Who the organization says a token belongs to."""

    @property
    def user_id(self) -> str: ...

    @property
    def organization_id(self) -> str: ...

    @property
    def organization_name(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a sign-in ended. `return_url` was checked when it was started.

    `connected` is what was connected, for the person to see; `waiting`: it goes on after an approval.
    """

    code: str
    message: str
    error: ServiceError | None = None
    return_url: str | None = None
    connected: Connection | None = None
    waiting: Waiting | None = None


Resume = Callable[[TenantId, UserId | None], object]
"""Sets the paused exports of a tenant going, or those of one person alone."""


class Callback:
    """Answers of Entra ID, each of which is taken once."""

    def __init__(
        self,
        stores: ConnectStores,
        sign_in: SignIn,
        who_am_i: Callable[[OrganizationUrl, str], WhoAmI],
        *,
        approvals: Approvals,
        forget_tokens: Callable[[TenantId], None],
        resume_exports: Resume,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._sign_in = sign_in
        self._who_am_i = who_am_i
        self._approvals = approvals
        self._forget_tokens = forget_tokens
        self._resume_exports = resume_exports
        self._clock = clock

    def end(self, answer: Mapping[str, str]) -> Ended:
        """Ends the sign-in that the answer belongs to. What went wrong is told, not raised."""
        try:
            flow = self._stores.flows.consume(answer.get("state", ""), self._clock())
        except ServiceError as error:
            return _failed(error, None)
        with log.context(tenant=flow.tenant, user=flow.user):
            try:
                ended = self._end(flow, answer)
            except ServiceError as error:
                self._stores.trail.note(flow, AuditAction.SIGN_IN_REFUSED, f"{flow.purpose}/{error.code}")
                waiting = self._approvals.wait_for(flow) if error.code == MISSING else None
                return _failed(error, flow, waiting)
            self._stores.trail.note(flow, _DONE[flow.purpose], flow.purpose.value, after=flow.organization)
            log.info("sign-in ended", purpose=flow.purpose, code=ended.code)
            return ended

    def _end(self, flow: AuthFlow, answer: Mapping[str, str]) -> Ended:
        match flow.purpose:
            case FlowPurpose.TENANT_CONNECTION:
                connected = self._connect_tenant(flow, answer)
                self._connected(flow, TENANT, None)
            case FlowPurpose.USER_CONNECTION:
                connected = self._connect_user(flow, answer)
                self._connected(flow, of_user(flow.user), flow.user)
            case FlowPurpose.ADMIN_CONSENT | FlowPurpose.APPROVAL:
                self._grant(flow, answer)
                return Ended(
                    code="consentGranted",
                    message="Access is granted to all users of your directory.",
                    return_url=flow.return_url,
                )
        return Ended(
            code="connected",
            message="Dynamics 365 is connected.",
            return_url=flow.return_url,
            connected=connected,
        )

    def _connected(self, flow: AuthFlow, principal: str, only: UserId | None) -> None:
        """Sets paused exports going. The connection stands without it, and the timer does it later."""
        self._approvals.done(flow.tenant, flow.user)
        self._stores.attentions.clear(flow.tenant, principal)
        try:
            self._resume_exports(flow.tenant, only)
        except Transient as error:
            log.warning("paused exports not resumed", code=error.code, detail=error.detail)

    def _connect_tenant(self, flow: AuthFlow, answer: Mapping[str, str]) -> Connection:
        signed_in, connection = self._signed_in(flow, answer)
        before = self._stores.connections.get(flow.tenant)
        if before is not None and before.value.organization != flow.organization:
            self._forget_users(flow.tenant)
        self._stores.tokens.put(flow.tenant, TENANT, signed_in.cache)
        self._forget_tokens(flow.tenant)
        try:
            self._keep(flow, lambda kept: replace(connection, consent_granted=_still_granted(kept, flow)))
        except Conflict:
            self._stores.tokens.delete(flow.tenant, TENANT)
            raise
        return connection

    def _connect_user(self, flow: AuthFlow, answer: Mapping[str, str]) -> Connection:
        signed_in, connection = self._signed_in(flow, answer)
        tenant = usable_connection(self._stores, flow.tenant, flow.user)
        if tenant.organization != flow.organization:
            raise _ended_meanwhile()
        stored = self._stores.user_connections.get(flow.tenant, flow.user)
        self._stores.tokens.put(flow.tenant, of_user(flow.user), signed_in.cache)
        self._forget_tokens(flow.tenant)
        try:
            etag = stored.etag if stored else DEFAULT_ETAG
            self._stores.user_connections.replace(flow.tenant, flow.user, connection, etag)
        except Changed as error:
            self._stores.tokens.delete(flow.tenant, of_user(flow.user))
            raise _ended_meanwhile() from error
        return connection

    def _grant(self, flow: AuthFlow, answer: Mapping[str, str]) -> None:
        """Believes no parameter: refusals have `admin_consent=True` too, and `tenant` can be anybody's."""
        check_issuer(flow.organization, flow.directory, answer)
        if "error" in answer:
            raise sign_in_refused(answer)
        self._approvals.prove(flow)
        try:
            self._keep(flow, lambda kept: _granted(kept, flow))
        except Conflict:
            if flow.purpose is FlowPurpose.ADMIN_CONSENT:
                raise
        self._approvals.granted(flow.tenant, flow.directory)

    def _signed_in(self, flow: AuthFlow, answer: Mapping[str, str]) -> tuple[SignedIn, Connection]:
        """Who signed in, once the directory is the organization's and the organization knows the person."""
        signed_in = self._sign_in.redeem(
            flow.organization, flow.directory, flow=flow.msal_flow, answer=answer
        )
        if signed_in.directory != flow.directory:
            raise NeedsUser(
                "wrongDirectory",
                "This account belongs to another directory than the organization. "
                "Sign in with an account of the organization's own directory.",
            )
        known = self._who_am_i(flow.organization, signed_in.access_token)
        return signed_in, Connection(
            state=ConnectionState.CONNECTED,
            organization=flow.organization,
            directory=flow.directory,
            organization_id=known.organization_id,
            organization_name=known.organization_name,
            account_id=signed_in.account_id,
            account_name=signed_in.account_name,
            dynamics_user_id=known.user_id,
            connected_by=flow.user,
            connected_at=self._clock(),
        )

    def _keep(self, flow: AuthFlow, change: Callable[[Connection], Connection]) -> None:
        """Changes the tenant's connection, however often others do so too; Conflict when it was ended."""
        for _ in range(_ATTEMPTS):
            stored = self._stores.connections.get(flow.tenant)
            if stored is None:
                raise _ended_meanwhile()
            try:
                self._stores.connections.replace(flow.tenant, change(stored.value), stored.etag)
            except Changed:
                continue
            return
        raise Transient("connectionBusy", "The connection is being changed by others. Try again.")

    def _forget_users(self, tenant: TenantId) -> None:
        """Everybody's own connection is to the organization that the tenant leaves."""
        self._stores.user_connections.delete_all(tenant)
        self._stores.tokens.delete_all(tenant)


def _still_granted(before: Connection, flow: AuthFlow) -> bool:
    return before.consent_granted and before.directory == flow.directory


def _granted(kept: Connection, flow: AuthFlow) -> Connection:
    """A tenant that moved to another directory in the meantime was not granted anything there."""
    return replace(kept, consent_granted=True) if kept.directory == flow.directory else kept


def _ended_meanwhile() -> Conflict:
    return Conflict(
        "connectionEnded",
        "An administrator disconnected Dynamics while you signed in. Start again if that was not meant.",
    )


def _failed(error: ServiceError, flow: AuthFlow | None, waiting: Waiting | None = None) -> Ended:
    log.info("sign-in failed", code=error.code, detail=error.detail)
    return Ended(
        code=error.code,
        message=error.message,
        error=error,
        return_url=flow.return_url if flow else None,
        waiting=waiting,
    )
