"""Starts sign-ins: keeps each, bound to whoever started it, and gives the address of its first page."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.connection import FLOW_LIFETIME, AuthFlow, FlowPurpose
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import OrganizationUrl
from shared.entra.sign_in import SignIn
from shared.storage.auth_flows import AuthFlowStore, new_state

_STATE_BYTES = 32
_CONSENT = frozenset({FlowPurpose.ADMIN_CONSENT, FlowPurpose.APPROVAL})

Place = tuple[OrganizationUrl, DirectoryId]
"""An organization, and the directory in which its people sign in."""


class Starter(Protocol):
    """Whoever starts: a caller, or the person for whom an administrator opens a link."""

    @property
    def tenant(self) -> TenantId: ...

    @property
    def user(self) -> UserId: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """The one place where sign-ins begin."""

    flows: AuthFlowStore
    sign_in: SignIn
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes] = os.urandom

    def start(
        self, starter: Starter, purpose: FlowPurpose, place: Place, return_url: str | None = None
    ) -> str:
        """The address to which the browser goes. The answer is awaited for ten minutes."""
        organization, directory = place
        state = new_state(starter.tenant, self.entropy(_STATE_BYTES))
        if purpose in _CONSENT:
            url, flow = self.sign_in.admin_consent_url(organization, directory, state=state), ""
        else:
            begun = self.sign_in.begin(organization, directory, state=state)
            url, flow = begun.authorization_url, begun.flow
        now = self.clock()
        issued = AuthFlow(
            state=state,
            purpose=purpose,
            tenant=starter.tenant,
            user=starter.user,
            organization=organization,
            directory=directory,
            return_url=return_url,
            msal_flow=flow,
            expires_at=now + FLOW_LIFETIME,
        )
        self.flows.issue(issued, now)
        return url
