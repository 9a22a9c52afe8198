"""The whole stack, once for all tests that ask for it (once for each worker of pytest-xdist)."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from local.stack import Stack, StackOptions, running_stack
from tests.e2e.conversation import Dataverse, Talk, connect

ADA = "ada.lindqvist@contoso.example"
# All tests are the same few people, who ask again and again whether something has ended.
_UNLIMITED = dict.fromkeys(("LIMIT_REQUESTS_PER_MINUTE", "LIMIT_USER_REQUESTS_PER_MINUTE"), "1000000")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    options = StackOptions(settings=_UNLIMITED)
    with running_stack(tmp_path_factory.mktemp("stack"), options) as running:
        yield running


@pytest.fixture(scope="session")
def connected(stack: Stack) -> Stack:
    connect(Talk(stack, "contoso", "ada"), ADA)
    return stack


@pytest.fixture
def admin(connected: Stack) -> Talk:
    return Talk(connected, "contoso", "ada")


@pytest.fixture
def user(connected: Stack) -> Talk:
    return Talk(connected, "contoso", "bruno")


@pytest.fixture
def dataverse(connected: Stack) -> Iterator[Dataverse]:
    emulator = Dataverse(connected.dataverse)
    yield emulator
    emulator.control("DELETE", "faults")
    emulator.control("PUT", "latency", {"request": 0.0, "record": 0.0})
    emulator.control("PUT", "limits", {"requests": 6000, "seconds": 1200.0, "concurrent": 52})


_numbers = count(1)


@pytest.fixture
def people() -> "People":
    return People(f"t{next(_numbers)}")


class People:
    """Makes vendor records that no other test has."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def one(self, number: int, **fields: Any) -> dict[str, Any]:
        person = {
            "id": f"{self.prefix}-{number}",
            "firstName": f"Ada{number}",
            "lastName": f"Ngata-{self.prefix}",
            "companyName": f"Contoso {self.prefix}",
            "email": f"ada{number}@{self.prefix}.example",
            **fields,
        }
        return {name: value for name, value in person.items() if value is not None}

    def many(self, amount: int) -> list[dict[str, Any]]:
        return [self.one(number) for number in range(1, amount + 1)]
