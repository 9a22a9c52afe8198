"""The directory of an organization, learnt from the organization itself before anybody signs in."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.domain.errors import InvalidRequest, Transient
from shared.domain.ids import DirectoryId
from shared.domain.organization import OrganizationUrl

if TYPE_CHECKING:
    import requests

_TIMEOUT = (5, 20)
_PASSES_BY_ITSELF = frozenset({408, 429, 500, 502, 503, 504})
_AUTHORIZATION_URI = re.compile(r'authorization_uri\s*=\s*"?([^\s",]+)', re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def directory_of(session: "requests.Session", organization: OrganizationUrl) -> DirectoryId:
    """The directory that the organization's 401 challenge names.

    InvalidRequest when there is no such organization, Transient when it does not answer.
    """
    response = _ask(session, organization)
    if response.status_code in _PASSES_BY_ITSELF:
        raise _unreachable(organization, f"HTTP {response.status_code}")
    if 300 <= response.status_code < 400:
        raise _moved(organization, f"HTTP {response.status_code}")
    challenge = response.headers.get("WWW-Authenticate", "")
    directory = _directory(challenge, organization) if response.status_code == 401 else None
    if directory is None:
        raise _unknown(organization, f"HTTP {response.status_code}, challenge {challenge[:200]!r}")
    return directory


def _ask(session: "requests.Session", organization: OrganizationUrl) -> "requests.Response":
    import requests

    try:
        return session.get(organization.web_api, timeout=_TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        if _is_unknown_host(error):
            raise _unknown(organization, "the host has no address") from error
        raise _unreachable(organization, type(error).__name__) from error


def _is_unknown_host(error: Exception) -> bool:
    from urllib3.exceptions import NameResolutionError

    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NameResolutionError)


def _directory(challenge: str, organization: OrganizationUrl) -> DirectoryId | None:
    """Only the sign-in host of the organization's own cloud is believed, and only a directory's GUID."""
    found = _AUTHORIZATION_URI.search(challenge)
    if not challenge.lower().startswith("bearer") or found is None:
        return None
    parts = urlsplit(found[1])
    directory = parts.path.strip("/").partition("/")[0].lower()
    trusted = parts.scheme == "https" and parts.netloc.lower() == organization.cloud.login_host
    return DirectoryId(directory) if trusted and _GUID.fullmatch(directory) else None


def _unknown(organization: OrganizationUrl, detail: str) -> InvalidRequest:
    return InvalidRequest(
        "organizationNotFound",
        f"There is no Dynamics 365 organization at {organization}. "
        "Open Dynamics 365 in your browser and copy its address again.",
        detail=detail,
    )


def _moved(organization: OrganizationUrl, detail: str) -> InvalidRequest:
    return InvalidRequest(
        "organizationMoved",
        f"{organization} leads to another address. "
        "Open Dynamics 365 in your browser and copy its new address.",
        detail=detail,
    )


def _unreachable(organization: OrganizationUrl, detail: str) -> Transient:
    return Transient(
        "organizationUnreachable",
        f"{organization} does not answer at the moment. Try again in a minute.",
        detail=detail,
    )
