"""What a person picked among several records holds for later exports of the same vendor id."""

from typing import Any
from uuid import uuid4

import pytest
from dataverse_organizations import Emulator
from running_chunks import LEAD, TENANT, Chunks

from shared.dataverse import messages
from shared.domain.exports import Outcome
from shared.domain.matching import Chosen
from shared.domain.preferences import OnSeveralMatches

EMAIL = "twins@contoso.example"
ADA: dict[str, Any] = {"id": "v-1", "lastName": "Ngata", "email": EMAIL, "jobTitle": "Director"}
BEN: dict[str, Any] = {"id": "v-2", "lastName": "Ngata", "email": EMAIL}


@pytest.fixture(params=[OnSeveralMatches.ASK, OnSeveralMatches.SKIP])
def chunks(dataverse: Emulator, request: pytest.FixtureRequest) -> Chunks:
    return Chunks(dataverse, decisions={"on_several_matches": request.param})


@pytest.fixture
def twins(dataverse: Emulator) -> tuple[str, str]:
    ids = str(uuid4()), str(uuid4())
    for row_id in ids:
        row = {"leadid": row_id, "lastname": "Ngata", "subject": "There", "emailaddress1": EMAIL}
        dataverse.client().send(messages.create("leads", row))
    return ids


def told(outcome: Outcome) -> tuple[str, str | None, str]:
    return outcome.kind.value, outcome.dynamics_id, outcome.match.rule if outcome.match else ""


def pick(chunks: Chunks, row_id: str | None) -> None:
    chunks.stores.choices.note(TENANT, LEAD, "v-1", Chosen(row_id))


def test_the_picked_record_is_written_without_asking_again(chunks: Chunks, twins: tuple[str, str]) -> None:
    (asked,) = chunks.run(ADA)
    assert told(asked) == ("skipped", None, "email")
    for picked in twins:
        pick(chunks, picked)
        assert [told(each) for each in chunks.run(ADA)] == [("updated", picked, "choice")]
        assert [told(each) for each in chunks.run(ADA)] == [("unchanged", picked, "choice")]


def test_a_pick_is_for_one_vendor_id_alone(chunks: Chunks, twins: tuple[str, str]) -> None:
    pick(chunks, twins[1])
    assert [told(each) for each in chunks.run(ADA, BEN)] == [
        ("updated", twins[1], "choice"),
        ("skipped", None, "email"),
    ]


def test_a_new_record_that_was_picked_is_made_once(chunks: Chunks, twins: tuple[str, str]) -> None:
    pick(chunks, None)
    (made,) = chunks.run(ADA)
    assert (made.kind.value, made.dynamics_id in twins) == ("created", False)
    assert [told(each) for each in chunks.run(ADA)] == [("unchanged", made.dynamics_id, "vendorId")]


def test_where_the_picked_record_matches_no_more_the_others_decide(
    chunks: Chunks, twins: tuple[str, str]
) -> None:
    chunks.emulator.client().send(
        messages.create(
            "leads", {"leadid": str(uuid4()), "lastname": "N", "subject": "3", "emailaddress1": EMAIL}
        )
    )
    pick(chunks, twins[0])
    chunks.emulator.client().send(messages.DataverseRequest("DELETE", f"{messages.ROOT}leads({twins[0]})"))
    assert [told(each) for each in chunks.run(ADA)] == [("skipped", None, "email")]
