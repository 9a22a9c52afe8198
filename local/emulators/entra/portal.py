"""The portal as a client of the callers' issuer: its id, where it may return to, what a sign-in needs."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from local.emulators.entra.directory import Caller, World

CLIENT_ID = "portal"
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_RETURN_PATHS = frozenset({"/signed-in", "/signed-in-popup"})
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256, RFC 7636


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalFlow:
    """One sign-in under way, as its authorization request asked for it."""

    redirect_uri: str
    challenge: str
    scope: str
    state: str
    nonce: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """The flow of a request whose client and redirect address were checked before."""
        return cls(
            redirect_uri=query["redirect_uri"],
            challenge=query.get("code_challenge", ""),
            scope=query.get("scope", ""),
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
        )

    def to_json(self) -> dict[str, Any]:
        """The form in a seal."""
        return asdict(self)

    def proves(self, verifier: str) -> bool:
        """Whether this is the text whose hash the sign-in began with."""
        digest = hashlib.sha256(verifier.encode()).digest()
        computed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return hmac.compare_digest(computed, self.challenge)


def problem_of_client(query: Mapping[str, str]) -> str | None:
    """What a person has to be told on a page: the request names no address that may be returned to."""
    if query.get("client_id") != CLIENT_ID:
        return f"There is no client '{query.get('client_id', '')}'; the portal's is '{CLIENT_ID}'."
    target = urlsplit(query.get("redirect_uri", ""))
    if not is_own_origin(query.get("redirect_uri", "")) or target.path not in _RETURN_PATHS:
        paths = " or ".join(sorted(_RETURN_PATHS))
        return f"redirect_uri has to be on this machine (http://127.0.0.1 or localhost) and end in {paths}."
    return None


def problem_of_request(query: Mapping[str, str]) -> tuple[str, str] | None:
    """An OAuth error and its sentence, for the portal itself."""
    if query.get("response_type") != "code":
        return "unsupported_response_type", "response_type has to be 'code'."
    if "openid" not in query.get("scope", "").split():
        return "invalid_scope", "scope has to contain 'openid'."
    challenge = query.get("code_challenge", "")
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        return "invalid_request", "code_challenge with code_challenge_method=S256 is needed (PKCE)."
    return None


def is_own_origin(address: str) -> bool:
    """Whether an address or an origin is one of this machine's."""
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and "@" not in parts.netloc


def person_of(world: World, name: object) -> Caller | None:
    """The person named `tenant/user`, as forms, codes and cookies have it."""
    return next((caller for caller in world.callers if f"{caller.tenant}/{caller.id}" == name), None)
