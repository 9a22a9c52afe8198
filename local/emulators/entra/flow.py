"""One visit of a browser: what the application asked for, and how far the person got."""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from local.emulators.entra.directory import User
from local.emulators.entra.errors import EntraError
from local.emulators.entra.keys import Seal

_PREFIX = "flow."


class FlowKind(StrEnum):
    """Which endpoint the visit began at."""

    AUTHORIZE = "authorize"
    ADMIN_CONSENT = "adminconsent"


@dataclass(frozen=True, slots=True)
class Flow:
    """The parameters of the visit; `user` is empty until somebody has signed in."""

    kind: FlowKind
    tenant: str
    client_id: str
    redirect_uri: str
    scope: str
    state: str
    response_mode: str
    nonce: str = ""
    challenge: str = ""
    challenge_method: str = ""
    prompt: str = ""
    login_hint: str = ""
    domain_hint: str = ""
    wants_client_info: bool = False
    user: str = ""
    mfa: bool = False

    def signed_in(self, user: User) -> "Flow":
        """The visit after this person signed in."""
        return replace(self, user=user.id, mfa=False)

    def strongly_signed_in(self) -> "Flow":
        """The visit after the second factor."""
        return replace(self, mfa=True)

    def sealed(self, seal: Seal) -> str:
        """The visit as the hidden field of its pages."""
        return seal.close(_PREFIX, asdict(self))


def open_flow(seal: Seal, sealed: str) -> Flow:
    """The visit behind a page's hidden field."""
    content = seal.open(_PREFIX, sealed)
    if content is None:
        raise EntraError(90013, reason="The page was not made by this emulator: go back to the application.")
    return Flow(**(content | {"kind": FlowKind(content["kind"])}))
