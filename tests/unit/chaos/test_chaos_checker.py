"""The judge of chaos rounds finds every kind of broken promise that is planted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import Fault, said_twice, violations
from tests.chaos.people import Kind, Person
from tests.chaos.witness import SeenExport, Witness

NEW, KNOWN, EDITED, DOOMED, BROKEN = range(5)


def person(number: int, kind: Kind, **kept: str) -> Person:
    vendor = {
        "id": f"v{number}",
        "firstName": "Ada",
        "lastName": "Ngata",
        "companyName": "Contoso",
        "jobTitle": "Director",
        "phone": "+49 30 1",
        "email": f"ada{number}@chaos.example",
    }
    return Person(kind=kind, vendor={} if kind is Kind.BROKEN else vendor, kept=kept)


PEOPLE = [
    person(1, Kind.NEW),
    person(2, Kind.KNOWN, lastname="Kept", jobtitle="Kept title"),
    person(3, Kind.EDITED, lastname="Kept"),
    person(4, Kind.DOOMED, lastname="Kept"),
    person(5, Kind.BROKEN),
]


def lead(number: int, **values: str) -> dict[str, Any]:
    filled = {
        "firstname": "Ada",
        "lastname": "Ngata",
        "companyname": "Contoso",
        "jobtitle": "Director",
        "telephone1": "+49 30 1",
    }
    return {"leadid": f"l{number}", "emailaddress1": f"Ada{number}@chaos.example", **filled, **values}


def right() -> Witness:
    """A round in which everything went as it should."""
    outcomes = [
        {"position": 1, "outcome": "created", "dynamicsId": "l1"},
        {"position": 2, "outcome": "updated", "dynamicsId": "l2"},
        {"position": 3, "outcome": "updated", "dynamicsId": "l3"},
        {"position": 4, "outcome": "created", "dynamicsId": "l9"},
        {"position": 5, "outcome": "failed", "dynamicsId": None},
    ]
    counts = {"total": 5, "created": 2, "updated": 2, "unchanged": 0, "skipped": 0, "failed": 1}
    export = {"id": "e1", "state": "completedWithErrors", "endedAt": "2026-01-01T00:00:00Z", "counts": counts}
    rows = [
        lead(1),
        lead(2, lastname="Kept", jobtitle="Kept title"),
        lead(3, lastname="Kept", jobtitle="By hand"),
    ]
    edits = {PEOPLE[EDITED].email: "By hand"}
    return Witness(
        exports=[SeenExport(people=PEOPLE, export=export, outcomes=outcomes)], rows=rows, edits=edits
    )


def export_with(witness: Witness, **values: Any) -> Witness:
    seen = witness.exports[0]
    return replace(witness, exports=[replace(seen, export={**seen.export, **values})])


def outcomes_with(witness: Witness, *outcomes: Any) -> Witness:
    return replace(witness, exports=[replace(witness.exports[0], outcomes=outcomes)])


def outcome_with(witness: Witness, place: int, **values: Any) -> Witness:
    outcomes = list(witness.exports[0].outcomes)
    outcomes[place] = {**outcomes[place], **values}
    return outcomes_with(witness, *outcomes)


def row_with(witness: Witness, place: int, **values: Any) -> Witness:
    rows = list(witness.rows)
    rows[place] = {**rows[place], **values}
    return replace(witness, rows=rows)


PLANTED: dict[Fault, Callable[[Witness], Witness]] = {
    Fault.NOT_ENDED: lambda w: export_with(w, endedAt=None, state="running"),
    Fault.OUTCOME_MISSING: lambda w: outcomes_with(w, *w.exports[0].outcomes[1:]),
    Fault.OUTCOME_DOUBLED: lambda w: outcomes_with(w, *w.exports[0].outcomes, w.exports[0].outcomes[0]),
    Fault.OUTCOME_OF_NOBODY: lambda w: outcome_with(w, BROKEN, position=6),
    Fault.OUTCOME_WRONG: lambda w: outcome_with(w, NEW, outcome="failed"),
    Fault.COUNTS_WRONG: lambda w: export_with(w, counts={**w.exports[0].export["counts"], "created": 3}),
    Fault.RECORD_MISSING: lambda w: replace(w, rows=w.rows[1:]),
    Fault.RECORD_DOUBLED: lambda w: replace(w, rows=[*w.rows, {**w.rows[0], "leadid": "another"}]),
    Fault.RECORD_OF_NOBODY: lambda w: replace(w, rows=[*w.rows, lead(77)]),
    Fault.RECORD_INCOMPLETE: lambda w: row_with(w, NEW, telephone1=None),
    Fault.OVERWRITTEN: lambda w: row_with(w, KNOWN, jobtitle="Director"),
    Fault.EDIT_LOST: lambda w: row_with(w, EDITED, jobtitle="Director"),
}

OTHER_WRONG_OUTCOMES: dict[str, Callable[[Witness], Witness]] = {
    "a line that cannot be read is created": lambda w: outcome_with(w, BROKEN, outcome="created"),
    "a person is skipped": lambda w: outcome_with(w, KNOWN, outcome="skipped"),
    "a lead that was there is created": lambda w: outcome_with(w, KNOWN, outcome="created"),
    "another lead is named": lambda w: outcome_with(w, NEW, dynamicsId="l2"),
}


def test_a_round_in_which_all_went_well_breaks_no_promise() -> None:
    assert violations(right()) == []
    assert said_twice(right()) == []


def test_there_is_a_planted_fault_of_every_kind() -> None:
    assert PLANTED.keys() == set(Fault)


@pytest.mark.parametrize("fault", Fault)
def test_what_is_planted_is_found(fault: Fault) -> None:
    found = violations(PLANTED[fault](right()))
    assert fault in {each.fault for each in found}
    assert all(each.shown_by for each in found)


@pytest.mark.parametrize("spoil", OTHER_WRONG_OUTCOMES.values(), ids=OTHER_WRONG_OUTCOMES)
def test_an_outcome_that_is_not_what_happened_is_found(spoil: Callable[[Witness], Witness]) -> None:
    assert Fault.OUTCOME_WRONG in {each.fault for each in violations(spoil(right()))}


def test_who_was_deleted_meanwhile_may_be_gone_or_back_but_not_doubled() -> None:
    back = replace(right(), rows=[*right().rows, lead(4)])
    assert violations(back) == []
    twice = replace(back, rows=[*back.rows, {**lead(4), "leadid": "another"}])
    assert [each.fault for each in violations(twice)] == [Fault.RECORD_DOUBLED]


def test_a_title_that_somebody_may_have_written_is_not_judged() -> None:
    by_hand = row_with(replace(right(), edits={}), EDITED, jobtitle="By hand")
    assert [each.fault for each in violations(by_hand)] == [Fault.RECORD_INCOMPLETE]
    assert violations(replace(by_hand, perhaps={PEOPLE[EDITED].email})) == []


def test_a_person_whom_two_lines_say_to_have_created_is_noted() -> None:
    both = replace(right(), exports=[*right().exports, replace(right().exports[0])])
    assert said_twice(both) == [PEOPLE[NEW].email, PEOPLE[DOOMED].email]
