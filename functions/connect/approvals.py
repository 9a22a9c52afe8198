"""The consent doctor: what waits for an administrator's approval, and what goes on by itself after it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from functions.connect.starting import Starts
from functions.identity import Caller
from shared import log
from shared.domain.connection import APPROVAL_LIFETIME, Approval, AuthFlow, FlowPurpose
from shared.domain.errors import Conflict
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.storage.approvals import ApprovalStore, new_link

MISSING = "adminApprovalRequired"
"""The code of a sign-in that an administrator of the directory has to approve first."""

_SECRET_BYTES = 32
_WAITS = frozenset({FlowPurpose.TENANT_CONNECTION, FlowPurpose.USER_CONNECTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a person is shown: the link to send to an administrator, and until when it is good."""

    link: str
    expires_at: datetime
    granted: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a page needs to wait: the link, and the address that it asks again."""

    link: str
    page: str


class Approvals:
    """Links for administrators, who need no account at the vendor to open them."""

    def __init__(
        self,
        store: ApprovalStore,
        starts: Starts,
        public_api_url: str,
        *,
        prove: Callable[[AuthFlow], None],
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = store
        self._starts = starts
        self._base = public_api_url
        self._prove = prove
        self._clock = clock
        self._entropy = entropy

    def wait_for(self, flow: AuthFlow) -> Waiting | None:
        """Keeps what a sign-in waits for; None where no approval helps. A link once sent stays good."""
        if flow.purpose not in _WAITS:
            return None
        now = self._clock()
        known = self._store.of(flow.tenant, flow.user, now)
        usable = known is not None and not known.granted and _is_same(known, flow)
        approval = Approval(
            tenant=flow.tenant,
            user=flow.user,
            purpose=flow.purpose,
            organization=flow.organization,
            directory=flow.directory,
            link=known.link if known and usable else self._new_secret(flow.tenant, flow.user),
            expires_at=known.expires_at if known and usable else now + APPROVAL_LIFETIME,
        )
        ticket = self._new_secret(flow.tenant, flow.user)
        self._store.put(approval, ticket)
        log.info("approval awaited", purpose=flow.purpose)
        return Waiting(self._link(approval.link), self.page(ticket))

    def offer(self, caller: Caller) -> Offer | None:
        """What the caller waits for, with the link to send; None when it is nothing."""
        found = self._store.of(caller.tenant, caller.user, self._clock())
        if found is None:
            return None
        return Offer(link=self._link(found.link), expires_at=found.expires_at, granted=found.granted)

    def open(self, link: str) -> str:
        """Where the administrator who opened the link approves. Each opening is a consent of its own."""
        approval = self._store.open(link, self._clock())
        if approval.granted:
            raise Conflict("approvalDone", "This was approved already. There is nothing left to do here.")
        with log.context(tenant=approval.tenant, user=approval.user):
            log.info("approval opened", organization=approval.organization.host)
        return self._starts.start(approval, FlowPurpose.APPROVAL, (approval.organization, approval.directory))

    def go_on(self, ticket: str) -> str | None:
        """Where the waiting browser signs in again; None while the approval is still missing."""
        approval = self._store.awaited(ticket, self._clock())
        if not approval.granted:
            return None
        approval = self._store.spend(ticket, self._clock())
        place = (approval.organization, approval.directory)
        return self._starts.start(approval, approval.purpose, place)

    def page(self, ticket: str) -> str:
        """The address at which the holder of the ticket waits."""
        return f"{self._base}/oauth/waiting?{urlencode({'ticket': ticket})}"

    def prove(self, flow: AuthFlow) -> None:
        """NeedsUser where what an administrator's browser brought is no approval after all."""
        self._prove(flow)

    def granted(self, tenant: TenantId, directory: DirectoryId) -> None:
        """An administrator approved for everybody: all who wait may go on."""
        log.info("approval granted", waiting=self._store.grant(tenant, directory))

    def done(self, tenant: TenantId, user: UserId) -> None:
        """The person is connected and waits for nothing."""
        self._store.delete(tenant, user)

    def _new_secret(self, tenant: TenantId, user: UserId) -> str:
        return new_link(tenant, user, self._entropy(_SECRET_BYTES))

    def _link(self, secret: str) -> str:
        return f"{self._base}/oauth/approval?{urlencode({'link': secret})}"


def _is_same(known: Approval, flow: AuthFlow) -> bool:
    return (known.organization, known.directory) == (flow.organization, flow.directory)
