"""Two chunks, or two exports, write the same people at the same time."""

from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from dataverse_organizations import Emulator
from running_chunks import LEAD, TENANT, Chunks, export

from shared.dataverse import messages
from shared.domain.errors import Transient
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.person_marks import mark_of
from shared.domain.records import VendorRecord
from shared.storage.person_claims import Claimant
from tests.builders import preferences

ADA: dict[str, Any] = {"id": 1, "firstName": "Ada", "lastName": "Ngata", "email": "ada@contoso.example"}
ADA_AGAIN: dict[str, Any] = {"id": 2, "lastName": "Ngata", "email": "ADA@contoso.example", "phone": "1"}
BO: dict[str, Any] = {"id": 3, "lastName": "Bo", "email": "bo@contoso.example"}


def leads(emulator: Emulator) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = emulator.control("rows/lead", method="GET")["rows"]
    return rows


def known(emulator: Emulator, email: str) -> str:
    """The id of a lead that was there before."""
    row = {"leadid": str(uuid4()), "lastname": "Old", "emailaddress1": email}
    emulator.client().send(messages.create("leads", row))
    return row["leadid"]


def test_of_two_chunks_with_one_person_the_second_waits_and_finds_whom_the_first_made(
    dataverse: Emulator,
) -> None:
    first = Chunks(dataverse)
    second = Chunks(dataverse, stores=first.stores)
    refused: list[Transient] = []

    def come_between() -> None:
        with pytest.raises(Transient) as caught:
            second.run(ADA_AGAIN, number=2)
        refused.append(caught.value)

    first.between = come_between
    (created,) = first.run(ADA, number=1)
    assert {error.code for error in refused} == {"samePersonUnderWay"}
    (updated,) = second.run(ADA_AGAIN, number=2, begun_before=True)
    assert (created.kind, updated.kind) == (OutcomeKind.CREATED, OutcomeKind.UPDATED)
    assert created.dynamics_id == updated.dynamics_id
    (lead,) = leads(dataverse)
    assert (lead["firstname"], lead["telephone1"]) == ("Ada", "1")


def test_a_chunk_writes_all_others_before_it_waits_for_one_person(dataverse: Emulator) -> None:
    first = Chunks(dataverse)
    second = Chunks(dataverse, stores=first.stores)
    other = export(2)

    def come_between() -> None:
        first.between = None
        with pytest.raises(Transient):
            second.run(ADA_AGAIN, BO, number=1, of=other)
        assert [lead["lastname"] for lead in leads(dataverse)] == ["Bo"]

    first.between = come_between
    first.run(ADA)
    outcomes = second.run(ADA_AGAIN, BO, number=1, of=other, begun_before=True)
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.UPDATED, OutcomeKind.CREATED]
    assert len(leads(dataverse)) == 2


def test_whoever_is_released_in_time_is_written_in_the_same_run(dataverse: Emulator) -> None:
    first = Chunks(dataverse)
    second = Chunks(dataverse, stores=first.stores)
    outcomes: list[Outcome] = []

    def first_comes_and_goes() -> None:
        """The first chunk claims while the second one's other records are under way, and ends before."""
        second.between = None
        outcomes.extend(first.run(ADA, number=1))

    second.between = first_comes_and_goes
    outcomes.extend(second.run(BO, number=2))
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.CREATED] * 2


def test_a_chunk_whose_claims_ended_looks_again_before_it_creates(dataverse: Emulator) -> None:
    """It was about to create; before it came back, another export has created the same person."""
    late = Chunks(dataverse)
    dataverse.fault(action="dropBefore", path="CreateMultiple")
    with pytest.raises(Transient):
        late.run(ADA, BO, number=1)
    late.stores.claims.release(export().tenant, export().object_type, Claimant(export().id, 1))
    Chunks(dataverse, stores=late.stores).run(ADA_AGAIN, number=1, of=export(2))
    outcomes = late.run(ADA, BO, number=1, begun_before=True)
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.UPDATED, OutcomeKind.CREATED]
    assert len(leads(dataverse)) == 2


def test_a_chunk_that_ended_but_for_its_outcomes_says_the_same_again(dataverse: Emulator) -> None:
    chunks = Chunks(dataverse)
    people = [ADA, BO, ADA_AGAIN]
    once = chunks.run(*people)
    assert chunks.run(*people, begun_before=True) == once
    assert [outcome.kind for outcome in once] == [
        OutcomeKind.CREATED, OutcomeKind.CREATED, OutcomeKind.UPDATED,
    ]  # fmt: skip


def test_who_waited_for_others_is_tried_as_often_as_everybody(dataverse: Emulator) -> None:
    """Ada's plan is out of date, and others have her until one round is left."""
    people = [ADA | {"phone": "1"}, BO | {"phone": "2"}]
    ada, bo = (known(dataverse, each["email"]) for each in people)
    late, others = Chunks(dataverse), Claimant(export(2).id, 1)
    claims, mine = late.stores.claims, Claimant(export().id, 1)

    def edit(row_id: str) -> None:
        dataverse.client().send(messages.update("leads", row_id, {"description": f"Edit {next(edits)}"}))

    def break_off() -> None:
        raise Transient("unreachable", "Dynamics does not answer.")

    def overtake_bo_then_release_ada() -> None:
        if next(requests) == 1:
            edit(bo)
            claims.release(TENANT, LEAD, others)

    edits, requests = count(), count()
    late.between = break_off
    with pytest.raises(Transient):
        late.run(*people, number=1)
    claims.release(TENANT, LEAD, mine)
    mark = mark_of(VendorRecord(1, 1, people[0]), TENANT, LEAD, preferences(LEAD))
    assert mark is not None
    claims.claim(TENANT, LEAD, others, [mark])
    edit(ada)
    edit(bo)
    late.between = overtake_bo_then_release_ada
    with pytest.raises(Transient) as waiting:
        late.run(*people, number=1, begun_before=True)
    assert waiting.value.code == "samePersonUnderWay"
    late.between = None
    outcomes = late.run(*people, number=1, begun_before=True)
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.UPDATED] * 2


def test_people_without_an_email_address_claim_nothing(dataverse: Emulator) -> None:
    chunks = Chunks(dataverse)
    for person in (ADA, BO):
        chunks.run({name: value for name, value in person.items() if name != "email"})
    assert len(leads(dataverse)) == 2
