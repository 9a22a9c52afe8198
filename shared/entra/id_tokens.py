"""Whether an ID token is what it has to be: signed by a directory, for this application, valid now."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId
from shared.domain.organization import OrganizationUrl
from shared.entra.discovery import EntraHttp
from shared.entra.errors import entra_faults, unavailable

if TYPE_CHECKING:
    from jwt import PyJWK

_ALGORITHM = "RS256"
_LEEWAY_SECONDS = 300
_REQUIRED = ["exp", "iat", "nbf", "iss", "aud", "sub", "tid", "oid"]


def issuer_of(organization: OrganizationUrl, directory: DirectoryId) -> str:
    """Who issues the directory's ID tokens ("ID token claims reference", version 2.0)."""
    return f"{organization.authority(directory)}/v2.0"


def check_id_token(
    token: str, key: Callable[[str], "PyJWK | None"], client_id: str, login_host: str, *, now: datetime
) -> dict[str, Any]:
    """The claims; InvalidRequest unless everything about the token is right. `key` finds a key by its id.

    "Validate claims by using the Microsoft identity platform" lists what has to fit. In which directory the
    person has to be is the caller's to check.
    """
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != _ALGORITHM:
            raise _refused(f"signed with {str(header.get('alg'))[:20]}")
        found = key(str(header.get("kid")))
        if found is None:
            raise _refused("signed with an unknown key")
        options = {"require": _REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        claims: dict[str, Any] = jwt.decode(
            token,
            found.key,
            algorithms=[_ALGORITHM],
            audience=client_id,
            options=options,  # type: ignore[arg-type]  # a dict where PyJWT names a TypedDict
        )
    except jwt.PyJWTError as error:
        raise _refused(str(error)[:100]) from error
    _check_rest(claims, login_host, now)
    return claims


def _check_rest(claims: dict[str, Any], login_host: str, now: datetime) -> None:
    if claims.get("ver") != "2.0":
        raise _refused("another version of tokens")
    if claims["iss"] != f"https://{login_host}/{claims['tid']}/v2.0":
        raise _refused("its issuer is not its directory")
    begins, ends = claims["nbf"], claims["exp"]
    if not isinstance(begins, (int, float)) or not isinstance(ends, (int, float)):
        raise _refused("its times are no numbers")
    if not begins - _LEEWAY_SECONDS <= now.timestamp() < ends + _LEEWAY_SECONDS:
        raise _refused("not valid now")


class DirectoryKeys:
    """The keys with which a directory signs, from its discovery document."""

    def __init__(self, http: EntraHttp, organization: OrganizationUrl, directory: DirectoryId) -> None:
        self._http = http
        self._discovery = f"{issuer_of(organization, directory)}/.well-known/openid-configuration"
        self._login_host = organization.cloud.login_host

    def find(self, key_id: str) -> "PyJWK | None":
        """The key; one that is not known is looked for once more, as directories change their keys."""
        return self._read(fresh=False).get(key_id) or self._read(fresh=True).get(key_id)

    def _read(self, *, fresh: bool) -> "dict[str | None, PyJWK]":
        import jwt

        with entra_faults():
            address = str(self._http.get(self._discovery).json().get("jwks_uri", ""))
            if not address.startswith(f"https://{self._login_host}/"):
                raise unavailable("the discovery document names keys elsewhere")
            answer = self._http.fresh(address) if fresh else self._http.get(address)
        try:
            return {each.key_id: each for each in jwt.PyJWKSet.from_dict(answer.json()).keys}
        except (jwt.PyJWTError, ValueError) as error:
            raise unavailable(f"the directory's keys cannot be read: {type(error).__name__}") from error


def _refused(detail: str) -> InvalidRequest:
    return InvalidRequest(
        "signInAnswerInvalid",
        "The answer of the sign-in page does not belong to this sign-in. Start again.",
        detail=f"ID token: {detail}",
    )
