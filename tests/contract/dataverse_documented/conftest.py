"""The subject of the documented exchanges."""

import os
from collections.abc import Iterator

import pytest
from documented_subject import Subject

from tests.contract.dataverse.running_dataverse import (
    ADA,
    BRUNO,
    CARLA,
    CONTOSO,
    DILIP,
    EDITH,
    HOST,
    Directory,
    running,
)

PEOPLE = {"ada": ADA, "bruno": BRUNO, "carla": CARLA, "dilip": DILIP, "edith": EDITH}


@pytest.fixture(scope="session")
def organization() -> Iterator[Subject]:
    """A real organization where DATAVERSE_URL and DATAVERSE_TOKEN name one, otherwise the emulator."""
    url, token = os.environ.get("DATAVERSE_URL", "").rstrip("/"), os.environ.get("DATAVERSE_TOKEN")
    if url and token:
        yield Subject(url, url, {"ada": token})
        return
    directory = Directory()
    with running("--entra", directory.address) as address:
        tokens = {name: directory.token(person) for name, person in PEOPLE.items()}
        tokens["late"] = directory.token(exp=1)
        yield Subject(address, CONTOSO["url"], tokens, host=HOST)
    directory.server.shutdown()
    directory.server.server_close()


@pytest.fixture
def subject(organization: Subject) -> Iterator[Subject]:
    if organization.host:
        organization.call_control("POST", f"reset?organization={organization.host}")
    yield organization
    if not organization.host:
        organization.clean()
