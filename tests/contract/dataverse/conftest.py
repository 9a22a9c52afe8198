"""One emulator for the tests of this folder, empty before each of them."""

from collections.abc import Iterator

import pytest
from running_dataverse import BRUNO, Directory, Organization, running


@pytest.fixture(scope="session")
def directory() -> Iterator[Directory]:
    found = Directory()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="session")
def address(directory: Directory) -> Iterator[str]:
    with running("--entra", directory.address) as found:
        yield found


@pytest.fixture
def contoso(address: str, directory: Directory) -> Iterator[Organization]:
    """The organization as its administrator sees it."""
    organization = Organization(address, directory.token())
    organization.control("POST", "reset?organization=contoso.crm4.dynamics.com")
    organization.control("PUT", "clock", {"offset": 0})
    with organization.session:
        yield organization


@pytest.fixture
def salesperson(contoso: Organization, directory: Directory) -> Iterator[Organization]:
    organization = Organization(contoso.base, directory.token(BRUNO))
    with organization.session:
        yield organization
