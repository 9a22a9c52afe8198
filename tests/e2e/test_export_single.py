"""One record, waited for: how often Dynamics is asked."""

from collections.abc import Iterator

import pytest

from local.stack import Stack, running_stack
from tests.e2e.conftest import ADA, People
from tests.e2e.conversation import Dataverse, Talk, connect


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack on which nothing has been exported yet, so that nothing is known of its organization."""
    with running_stack(tmp_path_factory.mktemp("single")) as running:
        connect(Talk(running, "contoso", "ada"), ADA)
        yield running


def requests_for_one(stack: Stack, user: str, person: dict[str, object]) -> int:
    """The requests to Dataverse that exporting one new lead takes."""
    emulator = Dataverse(stack.dataverse)
    emulator.control("DELETE", "journal")
    body = {"object": "lead", "records": [person]}
    answer = Talk(stack, "contoso", user).call("POST", "/exports", json=body, headers={"Prefer": "wait=50"})
    assert (answer.status_code, answer.json()["counts"]["created"]) == (200, 1), answer.text
    return len(emulator.control("GET", "journal"))


def test_one_new_record_takes_four_requests_at_first_and_three_when_metadata_is_known(
    fresh: Stack, people: People
) -> None:
    assert requests_for_one(fresh, "ada", people.one(1)) <= 4
    assert requests_for_one(fresh, "bruno", people.one(2)) <= 3, "somebody else's owner is looked up"
    assert requests_for_one(fresh, "bruno", people.one(3)) <= 2, "and remembered"
