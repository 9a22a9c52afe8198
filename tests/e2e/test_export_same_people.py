"""One person under several vendor ids, in parts of exports that run at the same time."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import People
from tests.e2e.conversation import Dataverse, Talk


@pytest.fixture
def slow(dataverse: Dataverse) -> Iterator[Dataverse]:
    dataverse.control("PUT", "latency", {"request": 0.2})
    yield dataverse
    dataverse.control("PUT", "latency", {"request": 0.0})


def _leads(dataverse: Dataverse, people: People) -> list[str]:
    return [row["leadid"] for row in dataverse.rows("lead") if row["lastname"] == f"Ngata-{people.prefix}"]


def test_people_who_stand_in_several_chunks_of_a_file_become_one_lead_each(
    admin: Talk, people: People, slow: Dataverse
) -> None:
    first = people.many(500)
    again = [person | {"id": f"again-{person['id']}", "jobTitle": "CTO"} for person in first[:20]]
    others = [people.one(number) for number in range(501, 981)]
    export = admin.export("lead", [*first, *others, *again])
    counts = export["counts"]
    assert (counts["total"], counts["failed"], counts["skipped"]) == (1000, 0, 0), export
    assert len(_leads(slow, people)) == 980
    outcomes = {each["position"]: each for each in admin.outcomes(export["id"], limit=1000)}
    for number in range(1, 21):
        assert outcomes[number]["dynamicsId"] == outcomes[980 + number]["dynamicsId"]


def test_two_exports_at_once_of_people_under_other_ids_double_nobody(
    admin: Talk, people: People, slow: Dataverse
) -> None:
    mine = people.many(30)
    theirs = [person | {"id": f"their-{person['id']}"} for person in mine]
    exports = [admin.wait(each) for each in [admin.start("lead", mine), admin.start("lead", theirs)]]
    assert {each["state"] for each in exports} == {"succeeded"}
    assert len(_leads(slow, people)) == 30
    assert sum(each["counts"]["created"] for each in exports) == 30
