"""The portal as people meet it: the built one, before the whole stack, in Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from local.portal.building import is_built
from local.stack import Stack, StackOptions, running_stack
from tests.browser.portal.visiting import Kept, Visit, Visits
from tests.e2e.conversation import Talk, connect

_GLOBAL_ADMINS = {
    "contoso": ("ada", "ada.lindqvist@contoso.example"),
    "fabrikam": ("greta", "greta.holm@fabrikam.example"),
}
_UNLIMITED = dict.fromkeys(("LIMIT_REQUESTS_PER_MINUTE", "LIMIT_USER_REQUESTS_PER_MINUTE"), "1000000")
_AS_DEPLOYED = {**_UNLIMITED, "CONNECT_CONFIRMATION": "required"}

Connect = Callable[[str], None]


@pytest.fixture(scope="session")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of these tests' own (one for each worker); nothing is connected until a test asks for it."""
    if not is_built():
        pytest.skip(
            "the portal is not built: './dev test' or './dev up' builds it and says what is in the way"
        )
    with running_stack(tmp_path_factory.mktemp("portal"), StackOptions(settings=_AS_DEPLOYED)) as running:
        yield running


@pytest.fixture(scope="session")
def kept(stack: Stack) -> Kept:
    """The cookies of whoever has signed in."""
    return {}


@pytest.fixture
def visits(browser: Browser, stack: Stack, kept: Kept) -> Iterator[Visits]:
    """Opens browsers at the portal; at the end none of their pages may have complained."""
    opened = Visits(browser, stack, kept)
    yield opened
    opened.close()


@pytest.fixture
def ada(visits: Visits) -> Visit:
    """An administrator of Contoso at the portal."""
    return visits.signed_in("contoso/ada")


@pytest.fixture
def bruno(visits: Visits) -> Visit:
    """A user of Contoso at the portal."""
    return visits.signed_in("contoso/bruno")


@pytest.fixture
def greta(visits: Visits) -> Visit:
    """An administrator of Fabrikam at the portal."""
    return visits.signed_in("fabrikam/greta")


@pytest.fixture
def connected(stack: Stack) -> Connect:
    """Connects a tenant through the API, where it is not; ask for it before the page is opened."""

    def connect_tenant(tenant: str) -> None:
        user, email = _GLOBAL_ADMINS[tenant]
        talk = Talk(stack, tenant, user)
        if talk.get("/connection")["state"] != "connected":
            connect(talk, email)

    return connect_tenant


@pytest.fixture
def disconnected(stack: Stack) -> Connect:
    """Takes a tenant's connection away through the API, where there is one."""

    def disconnect_tenant(tenant: str) -> None:
        answer = Talk(stack, tenant, _GLOBAL_ADMINS[tenant][0]).call("DELETE", "/connection")
        assert answer.status_code in {204, 404}, answer.text

    return disconnect_tenant


@pytest.fixture
def contoso(connected: Connect, stack: Stack) -> Iterator[Talk]:
    """Ada's talk with the API: Contoso is connected, and nobody has decided anything, before and after."""
    connected("contoso")
    admin = Talk(stack, "contoso", "ada")
    _forget_decisions(admin)
    yield admin
    _forget_decisions(admin)


def _forget_decisions(admin: Talk) -> None:
    anyway = {"If-Match": "*"}
    answers = [
        admin.call("PUT", "/access", headers=anyway, json={"enabled": True, "users": "all"}),
        admin.call("PUT", "/preferences", headers=anyway, json={}),
        admin.call("DELETE", "/mappings/lead", headers=anyway),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 204]
