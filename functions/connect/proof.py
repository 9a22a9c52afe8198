"""Whether an administrator's approval is true: what the answer says of itself is not believed."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.connect.approvals import MISSING
from shared import log
from shared.domain.connection import AuthFlow, ConnectionState, SignInLost
from shared.domain.errors import NeedsUser
from shared.domain.ids import TenantId
from shared.domain.organization import OrganizationUrl
from shared.entra.principals import TENANT
from shared.entra.sign_in import SignIn
from shared.storage.connections import ConnectionStore


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """Proves an approval by tokens.

    The directory has to give the application a token of its own, and, where somebody is connected in that
    directory already, a fresh one for that person with the delegated permission.
    """

    sign_in: SignIn
    connections: ConnectionStore
    fresh_token: Callable[[TenantId, str, OrganizationUrl], str]

    def check(self, flow: AuthFlow) -> None:
        """NeedsUser where the directory did not approve after all."""
        self.sign_in.prove_application(flow.organization, flow.directory)
        stored = self.connections.get(flow.tenant)
        if stored is None or stored.value.state is not ConnectionState.CONNECTED:
            return
        if stored.value.directory != flow.directory:
            return
        try:
            self.fresh_token(flow.tenant, TENANT, stored.value.organization)
        except SignInLost as error:
            if error.reason == MISSING:
                raise NeedsUser(MISSING, _NOT_APPROVED, detail=error.detail) from error
            log.info("approval proved by the application alone", reason=error.reason)


_NOT_APPROVED = (
    "Your directory did not approve this application for its users. "
    "Ask a Global Administrator to grant access for all users."
)
