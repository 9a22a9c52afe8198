from typing import Any

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError

from shared.domain.errors import InvalidRequest, Transient
from shared.domain.organization import parse_organization_url
from shared.entra.directory import directory_of
from tests.fakes import MemoryServer

DIRECTORY = "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"
CONTOSO = "https://contoso.crm4.dynamics.com"


class Organization(MemoryServer):
    """Answers with one status and one challenge."""

    def __init__(self, challenge: str | None, status: int = 401) -> None:
        super().__init__(lambda _: (status, b""))
        self._challenge = challenge

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().send(request, *args, **kwargs)
        if self._challenge is not None:
            response.headers["WWW-Authenticate"] = self._challenge
        response.headers["Location"] = "https://login.microsoftonline.com/elsewhere"
        return response


def ask(challenge: str | None, status: int = 401, url: str = CONTOSO) -> str:
    server = Organization(challenge, status)
    found = directory_of(server.session(), parse_organization_url(url))
    assert server.asked == [f"{url}/api/data/v9.2/"]
    return found


def bearer(uri: str) -> str:
    return f"Bearer authorization_uri={uri}, resource_id=https://contoso.crm4.dynamics.com/"


@pytest.mark.parametrize(
    "challenge",
    [
        bearer(f"https://login.microsoftonline.com/{DIRECTORY}/oauth2/authorize"),
        f'bearer Authorization_Uri="https://login.microsoftonline.com/{DIRECTORY.upper()}/oauth2/authorize"',
        f"Bearer resource_id=x, authorization_uri=https://LOGIN.microsoftonline.com/{DIRECTORY}",
    ],
    ids=["usual", "quoted, other case", "other order"],
)
def test_the_challenge_names_the_directory(challenge: str) -> None:
    assert ask(challenge) == DIRECTORY


@pytest.mark.parametrize(
    ("url", "login"),
    [
        ("https://agency.crm.microsoftdynamics.us", "login.microsoftonline.us"),
        ("https://corp.crm.dynamics.cn", "login.partner.microsoftonline.cn"),
    ],
)
def test_national_clouds_have_their_own_sign_in(url: str, login: str) -> None:
    assert ask(bearer(f"https://{login}/{DIRECTORY}/oauth2/authorize"), url=url) == DIRECTORY
    with pytest.raises(InvalidRequest):
        ask(bearer(f"https://login.microsoftonline.com/{DIRECTORY}/oauth2/authorize"), url=url)


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        "",
        "Bearer",
        "Basic realm=x",
        bearer(f"http://login.microsoftonline.com/{DIRECTORY}/oauth2/authorize"),
        bearer(f"https://login.microsoftonline.com.evil.example/{DIRECTORY}/oauth2/authorize"),
        bearer(f"https://login.microsoftonline.com@evil.example/{DIRECTORY}/oauth2/authorize"),
        bearer(f"https://evil.example/{DIRECTORY}/oauth2/authorize"),
        bearer(f"https://login.microsoftonline.com:8443/{DIRECTORY}/oauth2/authorize"),
        bearer("https://login.microsoftonline.com/common/oauth2/authorize"),
        bearer("https://login.microsoftonline.com/../oauth2/authorize"),
    ],
)
def test_a_challenge_that_cannot_be_believed_is_no_organization(challenge: str | None) -> None:
    with pytest.raises(InvalidRequest) as refused:
        ask(challenge)
    assert refused.value.code == "organizationNotFound"


@pytest.mark.parametrize("status", [200, 301, 302, 400, 403, 404])
def test_anything_but_a_challenge_is_no_organization_and_no_redirect_is_followed(status: int) -> None:
    with pytest.raises(InvalidRequest):
        ask(bearer(f"https://login.microsoftonline.com/{DIRECTORY}/oauth2/authorize"), status)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_an_organization_in_trouble_is_transient(status: int) -> None:
    with pytest.raises(Transient):
        ask(None, status)


class Unreachable(MemoryServer):
    """Fails before anything is answered."""

    def __init__(self, error: Exception) -> None:
        super().__init__(lambda _: (200, b""))
        self._error = error

    def send(self, *_: Any, **__: Any) -> requests.Response:
        raise self._error


def test_a_host_without_an_address_is_no_organization() -> None:
    unknown = NameResolutionError("contoso.crm4.dynamics.com", None, OSError())  # type: ignore[arg-type] # no connection is at hand
    error = requests.ConnectionError(MaxRetryError(None, "/", unknown))  # type: ignore[arg-type] # nor a pool
    with pytest.raises(InvalidRequest):
        directory_of(Unreachable(error).session(), parse_organization_url(CONTOSO))


@pytest.mark.parametrize("error", [requests.ConnectTimeout(), requests.ConnectionError("reset")], ids=repr)
def test_a_lost_connection_is_transient(error: Exception) -> None:
    with pytest.raises(Transient) as refused:
        directory_of(Unreachable(error).session(), parse_organization_url(CONTOSO))
    assert refused.value.code == "organizationUnreachable"
