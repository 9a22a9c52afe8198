"""One emulator for the tests of customizing, in its first state before each of them."""

from collections.abc import Iterator

import pytest

from tests.contract.dataverse.running_dataverse import BRUNO, Directory, Organization, running


@pytest.fixture(scope="session")
def makers() -> Iterator[Directory]:
    """The directory that signs the tokens."""
    found = Directory()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="session")
def customized(makers: Directory) -> Iterator[str]:
    """The emulator's address."""
    with running("--entra", makers.address) as found:
        yield found


@pytest.fixture
def contoso(customized: str, makers: Directory) -> Iterator[Organization]:
    """The organization as its administrator sees it."""
    organization = Organization(customized, makers.token())
    organization.control("POST", "reset?organization=contoso.crm4.dynamics.com")
    organization.control("PUT", "clock", {"offset": 0})
    with organization.session:
        yield organization


@pytest.fixture
def salesperson(contoso: Organization, makers: Directory) -> Iterator[Organization]:
    organization = Organization(contoso.base, makers.token(BRUNO))
    with organization.session:
        yield organization
