"""Who calls: checks a bearer token against the issuer's keys."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from shared import log
from shared.domain.errors import Transient, Unauthenticated
from shared.domain.ids import TenantId, UserId

if TYPE_CHECKING:
    import requests
    from jwt import PyJWK

_ALGORITHM = "RS256"
_LEEWAY_SECONDS = 60
_LONGEST_TOKEN = 8 * 1024
_LONGEST_KEY_SET = 256 * 1024
_TIMEOUT = (3.05, 10)
_KEYS_LIVE_SECONDS = 3600.0
_REFETCH_SECONDS = 30.0
_RETRY_SECONDS = 5.0
# These two become storage keys and parts of blob names.
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~@|:+=-]{0,127}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The person, and the tenant, on whose behalf a request comes."""

    tenant: TenantId
    user: UserId
    email: str | None = None
    name: str | None = None
    is_admin: bool = False


class Callers:
    """Tells who calls. `session` is asked for only when keys have to be fetched."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str,
        session: "Callable[[], requests.Session]",
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = _Keys(jwks_url, session, monotonic)

    def identify(self, headers: Mapping[str, str]) -> Caller:
        """The caller whom the Authorization header proves; Unauthenticated when it proves nobody."""
        return _caller(self._claims(_bearer(headers.get("Authorization"))))

    def _claims(self, token: str) -> dict[str, Any]:
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != _ALGORITHM:
                raise _refused(f"it has to be signed with {_ALGORITHM}")
            key = self._keys.find(header.get("kid"))
            return jwt.decode(
                token,
                key.key,
                algorithms=[_ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise _refused("it has expired; sign in again") from error
        except jwt.PyJWTError as error:
            raise _refused("its signature, issuer, audience or times are wrong", detail=str(error)) from error


class _Keys:
    """The issuer's public keys, kept for an hour and fetched again for a key id that is not among them."""

    def __init__(
        self, url: str, session: "Callable[[], requests.Session]", monotonic: Callable[[], float]
    ) -> None:
        self._url = url
        self._session = session
        self._now = monotonic
        self._known: dict[str, PyJWK] = {}
        self._stale_from = self._next_fetch = float("-inf")
        self._failure: Exception | None = None
        self._lock = Lock()

    def find(self, kid: object) -> "PyJWK":
        if not isinstance(kid, str):
            raise _refused("it names no key (kid)")
        if not self._satisfied(kid):
            with self._lock:
                if not self._satisfied(kid) and self._now() >= self._next_fetch:
                    self._fetch()
        key = self._known.get(kid)
        if key is None and self._failure is not None:
            raise _keys_unavailable(self._failure) from self._failure
        if key is None:
            raise _refused("the issuer does not have the key that signed it")
        return key

    def _satisfied(self, kid: str) -> bool:
        return kid in self._known and self._now() < self._stale_from

    def _fetch(self) -> None:
        """Replaces the keys. Keys that cannot be fetched again stay: their issuer may be away for a while."""
        import requests

        try:
            response = self._session().get(self._url, timeout=_TIMEOUT, allow_redirects=False)
            response.raise_for_status()
            self._known = _parse_keys(response.content)
        except (requests.RequestException, ValueError) as error:
            log.warning("caller keys not fetched", url=self._url, reason=str(error))
            self._failure = error
            self._next_fetch = self._now() + _RETRY_SECONDS
        else:
            self._failure = None
            self._next_fetch = self._now() + _REFETCH_SECONDS
            self._stale_from = self._now() + _KEYS_LIVE_SECONDS


def _keys_unavailable(cause: Exception) -> Transient:
    return Transient(
        "callerKeysUnavailable",
        "Your sign-in cannot be checked at the moment. Try again in a few seconds.",
        retry_after=_RETRY_SECONDS,
        detail=str(cause),
    )


def _parse_keys(content: bytes) -> "dict[str, PyJWK]":
    import jwt

    if len(content) > _LONGEST_KEY_SET:
        raise ValueError("the key set is too large")
    try:
        keys = jwt.PyJWKSet.from_json(content.decode()).keys
    except jwt.PyJWTError as error:
        raise ValueError(f"the key set cannot be read: {error}") from error
    return {key.key_id: key for key in keys if key.key_id and _may_sign(key)}


def _may_sign(key: "PyJWK") -> bool:
    return key.algorithm_name == _ALGORITHM and key.public_key_use in {None, "sig"}


def _bearer(header: str | None) -> str:
    if not header:
        raise Unauthenticated(
            "tokenMissing",
            "This operation needs a token. Send the header “Authorization: Bearer <token>”.",
        )
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused("the Authorization header has to read “Bearer <token>”")
    if len(token) > _LONGEST_TOKEN:
        raise _refused("it is too long")
    return token.strip()


def _caller(claims: Mapping[str, Any]) -> Caller:
    roles = claims.get("roles")
    return Caller(
        tenant=TenantId(_safe_id(claims, "org_id")),
        user=UserId(_safe_id(claims, "sub")),
        email=_text(claims.get("email")),
        name=_text(claims.get("name")),
        is_admin=isinstance(roles, list) and "admin" in roles,
    )


def _safe_id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not _SAFE_ID.fullmatch(value):
        raise _refused(f"its claim “{name}” is missing or not an id of 1 to 128 plain characters")
    return value


def _text(value: object) -> str | None:
    return value[:256] if isinstance(value, str) and value else None


def _refused(reason: str, *, detail: str = "") -> Unauthenticated:
    return Unauthenticated("tokenInvalid", f"The token is refused: {reason}.", detail=detail)
