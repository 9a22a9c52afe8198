"""Somebody edits a record in Dynamics between the search and the write of its chunk."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from dataverse_organizations import Emulator
from hypothesis import given, settings
from hypothesis import strategies as st
from running_chunks import Chunks

from shared.dataverse import messages
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import Uncertain
from shared.domain.exports import OutcomeKind

EMAIL = "ada@contoso.example"
ADA: dict[str, Any] = {"id": 1, "firstName": "Ada", "lastName": "Ngata", "email": EMAIL}
FILLED = {"firstname": "firstName", "companyname": "companyName", "telephone1": "phone"}


def seed(emulator: Emulator, **values: Any) -> str:
    row = {"leadid": str(uuid4()), "lastname": "Ngata", "subject": "Ada", "emailaddress1": EMAIL, **values}
    emulator.client().send(messages.create("leads", row))
    return str(row["leadid"])


def lead(emulator: Emulator, row_id: str) -> dict[str, Any]:
    (rows,) = read_rows(
        emulator.client(),
        [
            messages.query(
                "leads",
                select=["leadid", "jobtitle", "mobilephone", *FILLED],
                where=f"leadid eq {row_id}",
            )
        ],
    )
    return rows[0]


def edits(emulator: Emulator, row_id: str, *changes: dict[str, Any] | None) -> Any:
    """Somebody who makes these changes one by one, whenever the service is about to ask something."""
    to_come = iter(changes)

    def edit() -> None:
        change = next(to_come, None)
        if change is not None:
            emulator.client().send(messages.update("leads", row_id, change))

    return edit


def written(emulator: Emulator) -> list[str]:
    return [
        each["path"].rpartition("/")[2]
        for each in emulator.requests_seen()
        if each["method"] == "POST" and "/api/" in each["path"]
    ]


def test_a_value_that_somebody_enters_in_between_stays_and_the_rest_is_written(dataverse: Emulator) -> None:
    row_id = seed(dataverse)
    chunks = Chunks(dataverse, between=edits(dataverse, row_id, {"telephone1": "By hand"}))
    (outcome,) = chunks.run(ADA | {"phone": "By us", "companyName": "Contoso", "jobTitle": "CTO"})
    assert (outcome.kind, outcome.dynamics_id) == (OutcomeKind.UPDATED, row_id)
    after = lead(dataverse, row_id)
    assert (after["telephone1"], after["companyname"], after["jobtitle"]) == ("By hand", "Contoso", "CTO")


def test_whom_somebody_keeps_changing_fails_and_says_so(dataverse: Emulator) -> None:
    row_id = seed(dataverse)
    changes = [{"description": f"Edit {number}"} for number in range(20)]
    chunks = Chunks(dataverse, between=edits(dataverse, row_id, *changes))
    (outcome,) = chunks.run(ADA | {"phone": "By us"})
    assert (outcome.kind, outcome.code, outcome.dynamics_id) == (OutcomeKind.FAILED, "recordChanged", row_id)
    assert "Export it again" in (outcome.reason or "")
    assert lead(dataverse, row_id)["telephone1"] is None


def test_a_record_that_is_deleted_in_between_is_made_anew(dataverse: Emulator) -> None:
    seed(dataverse)

    def delete() -> None:
        dataverse.control("rows/lead", method="DELETE")

    (outcome,) = Chunks(dataverse, between=delete).run(ADA | {"phone": "By us"})
    assert outcome.kind is OutcomeKind.CREATED


def test_an_edit_of_a_protected_column_in_between_is_protected_too(dataverse: Emulator) -> None:
    chunks = Chunks(dataverse)
    (created,) = chunks.run(ADA | {"mobilePhone": "1"})
    assert created.dynamics_id is not None
    chunks.between = edits(dataverse, created.dynamics_id, {"mobilephone": "By hand"})
    (outcome,) = chunks.run(ADA | {"mobilePhone": "2"})
    assert (outcome.kind, outcome.code) == (OutcomeKind.UNCHANGED, "protectedEdit")
    assert lead(dataverse, created.dynamics_id)["mobilephone"] == "By hand"


def test_what_only_overwrites_travels_in_bulk_whoever_edits(dataverse: Emulator) -> None:
    people = [ADA | {"id": number, "email": f"ada{number}@contoso.example"} for number in range(20)]
    chunks = Chunks(dataverse)
    chunks.run(*people)
    dataverse.control("journal", method="DELETE")
    outcomes = chunks.run(*[person | {"jobTitle": "CTO"} for person in people])
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.UPDATED}
    assert written(dataverse) == ["$batch", "Microsoft.Dynamics.CRM.UpdateMultiple"]


def test_what_fills_travels_in_one_batch_for_250(dataverse: Emulator) -> None:
    people = [ADA | {"id": number, "email": f"ada{number}@contoso.example"} for number in range(251)]
    chunks = Chunks(dataverse)
    chunks.run(*people)
    dataverse.control("journal", method="DELETE")
    outcomes = chunks.run(*[person | {"phone": "1"} for person in people])
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.UPDATED}
    assert written(dataverse) == ["$batch"] * 3


def test_an_update_whose_answer_was_lost_is_not_taken_for_an_edit(dataverse: Emulator) -> None:
    row_id = seed(dataverse)
    chunks = Chunks(dataverse)
    dataverse.fault(action="dropAfter", path="$batch", after=2)
    with pytest.raises(Uncertain):
        chunks.run(ADA | {"phone": "By us"})
    assert lead(dataverse, row_id)["telephone1"] == "By us"
    (outcome,) = chunks.run(ADA | {"phone": "By us"}, begun_before=True)
    assert (outcome.kind, outcome.dynamics_id) == (OutcomeKind.UPDATED, row_id)


_value = st.sampled_from(["Contoso", "Fabrikam"])
_edit = st.one_of(st.none(), st.dictionaries(st.sampled_from([*FILLED, "jobtitle"]), _value, max_size=2))


@settings(deadline=None, database=None, max_examples=25)
@given(
    st.dictionaries(st.sampled_from(list(FILLED)), _value),
    st.dictionaries(st.sampled_from([*FILLED.values(), "jobTitle"]), st.just("By us")),
    st.lists(_edit, max_size=8),
)
def test_no_value_that_only_fills_is_ever_overwritten(
    dataverse_process: Emulator,
    there: dict[str, str],
    ours: dict[str, str],
    changes: list[dict[str, str] | None],
) -> None:
    dataverse_process.control("rows/lead", method="DELETE")
    row_id = seed(dataverse_process, **there)
    made: dict[str, str] = dict(there)

    def noting(every: list[dict[str, str] | None]) -> Iterator[dict[str, str] | None]:
        for change in every:
            made.update(change or {})
            yield change

    to_come = noting(changes)

    def edit() -> None:
        change = next(to_come, None)
        if change:
            dataverse_process.client().send(messages.update("leads", row_id, change))

    (outcome,) = Chunks(dataverse_process, between=edit).run(ADA | ours)
    after = lead(dataverse_process, row_id)
    for column, field in FILLED.items():
        if column in made:
            assert after[column] == made[column]
        elif outcome.kind is OutcomeKind.UPDATED:
            assert after[column] == (ADA | ours).get(field)
