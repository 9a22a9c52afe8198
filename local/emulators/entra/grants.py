"""Authorization codes and refresh tokens: sealed values that carry all the emulator has to know of them."""

from dataclasses import asdict, dataclass

from local.emulators.entra.keys import Seal

CODE_LIFETIME = 600  # "about 10 minutes": "Microsoft identity platform and OAuth 2.0 authorization code flow"
REFRESH_LIFETIME = 90 * 86_400  # "Refresh tokens in the Microsoft identity platform", token lifetime
_CODE_PREFIX = "1.A"
_REFRESH_PREFIX = "1.AR8A"


@dataclass(frozen=True, slots=True)
class Code:
    """What was agreed on the sign-in page; `tenant` is the segment the request was made at."""

    id: str
    client_id: str
    tenant: str
    user: str
    scope: str
    redirect_uri: str
    challenge: str
    challenge_method: str
    nonce: str
    mfa: bool
    signed_in: float


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One refresh token: `signed_in` is when the person signed in, `issued` when this token was given."""

    id: str
    client_id: str
    user: str
    scope: str
    mfa: bool
    signed_in: float
    issued: float


def seal_code(seal: Seal, code: Code) -> str:
    """The code as the application sees it."""
    return seal.close(_CODE_PREFIX, asdict(code))


def open_code(seal: Seal, sealed: str) -> Code | None:
    """The code behind an application's text, or None where it was not made here."""
    content = seal.open(_CODE_PREFIX, sealed)
    return Code(**content) if content and "challenge" in content else None


def seal_refresh_token(seal: Seal, token: RefreshToken) -> str:
    """The refresh token as the application sees it."""
    return seal.close(_REFRESH_PREFIX, asdict(token))


def open_refresh_token(seal: Seal, sealed: str) -> RefreshToken | None:
    """The refresh token behind an application's text, or None where it was not made here."""
    content = seal.open(_REFRESH_PREFIX, sealed)
    return RefreshToken(**content) if content and "issued" in content else None
