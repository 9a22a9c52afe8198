"""What becomes of a sign-in when Entra ID returns: the second half of every connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from functions.connect.approvals import MISSING, Approvals, Waiting
from functions.connect.confirming import NEEDED, Confirmations
from functions.connect.stores import ConnectStores
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.connection import AuthFlow, Connection, ConnectionState, FlowPurpose, ProvenSignIn
from shared.domain.errors import NeedsUser, ServiceError
from shared.domain.organization import OrganizationUrl
from shared.entra.errors import sign_in_refused
from shared.entra.sign_in import SignIn, check_issuer


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

    `sign_in` is what was proven, for the person to see; `confirmation`: the code that completes it, where it
    is held back; `waiting`: it goes on after an approval.
    """

    code: str
    message: str
    error: ServiceError | None = None
    return_url: str | None = None
    sign_in: ProvenSignIn | None = None
    confirmation: str | None = field(default=None, repr=False)
    waiting: Waiting | None = None


class Callback:
    """Answers of Entra ID, each of which is taken once."""

    def __init__(
        self,
        stores: ConnectStores,
        sign_in: SignIn,
        who_am_i: Callable[[OrganizationUrl, str], WhoAmI],
        *,
        approvals: Approvals,
        confirmations: Confirmations,
        clock: Callable[[], datetime],
    ) -> None:
        self._flows = stores.flows
        self._trail = stores.trail
        self._sign_in = sign_in
        self._who_am_i = who_am_i
        self._approvals = approvals
        self._confirmations = confirmations
        self._clock = clock

    def end(self, answer: Mapping[str, str]) -> Ended:
        """Ends the sign-in that the answer belongs to. What went wrong is told, not raised."""
        try:
            flow = self._flows.consume(answer.get("state", ""), self._clock())
        except ServiceError as error:
            return _failed(error, None)
        with log.context(tenant=flow.tenant, user=flow.user):
            try:
                proven = self._proven(flow, answer)
            except ServiceError as error:
                self._trail.note(flow, AuditAction.SIGN_IN_REFUSED, f"{flow.purpose}/{error.code}")
                waiting = self._approvals.wait_for(flow) if error.code == MISSING else None
                return _failed(error, flow, waiting)
            try:
                return _ended(flow, proven, self._confirmations.end(proven))
            except ServiceError as error:
                return _failed(error, flow)

    def _proven(self, flow: AuthFlow, answer: Mapping[str, str]) -> ProvenSignIn:
        connection, tokens = None, ""
        if flow.purpose in {FlowPurpose.ADMIN_CONSENT, FlowPurpose.APPROVAL}:
            self._check_grant(flow, answer)
        else:
            connection, tokens = self._signed_in(flow, answer)
        return ProvenSignIn(
            purpose=flow.purpose,
            tenant=flow.tenant,
            user=flow.user,
            organization=flow.organization,
            directory=flow.directory,
            connection=connection,
            tokens=tokens,
        )

    def _check_grant(self, flow: AuthFlow, answer: Mapping[str, str]) -> None:
        """Believes no parameter: refusals have `admin_consent=True` too, and `tenant` can be anybody's."""
        check_issuer(flow.organization, flow.directory, answer)
        if "error" in answer:
            raise sign_in_refused(answer)
        self._approvals.prove(flow)

    def _signed_in(self, flow: AuthFlow, answer: Mapping[str, str]) -> tuple[Connection, str]:
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
        connection = Connection(
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
        return connection, signed_in.cache


_GRANTED = "consentGranted", "Access is granted to all users of your directory."
_CONNECTED = "connected", "Dynamics 365 is connected."
_HELD = (
    NEEDED,
    "Nothing is connected yet: the window in which this was started confirms it, and tells how it ended.",
)


def _ended(flow: AuthFlow, proven: ProvenSignIn, confirmation: str | None) -> Ended:
    code, message = _CONNECTED if proven.connection else _GRANTED
    if confirmation is not None:
        code, message = _HELD
    return Ended(
        code=code,
        message=message,
        return_url=flow.return_url,
        sign_in=proven,
        confirmation=confirmation,
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
