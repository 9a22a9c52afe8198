import pytest

from shared.domain.errors import RecordRejected
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.match_decisions import Match
from shared.domain.outcomes import outcomes_of, same_for_all
from shared.domain.plan import Create, MergedInto, PlannedRecord, RecordPlan, Reject, Skip, Unchanged, Update
from shared.domain.records import InputRecord
from tests.builders import record, unreadable


def outcome(plan: RecordPlan, error: RecordRejected | None = None, *, note: str | None = None) -> Outcome:
    planned = PlannedRecord(1, "7", plan, note, "fax" if note else None)
    (only,) = outcomes_of([planned], {} if error is None else {1: error})
    assert (only.position, only.vendor_id) == (1, "7")
    return only


@pytest.mark.parametrize(
    ("plan", "kind"),
    [
        (Create("x", {"a": 1}), OutcomeKind.CREATED),
        (Update("x", "tag", {"a": 1}), OutcomeKind.UPDATED),
        (Unchanged("x"), OutcomeKind.UNCHANGED),
    ],
)
def test_what_was_done_as_planned_names_the_record_in_dynamics(plan: RecordPlan, kind: OutcomeKind) -> None:
    assert outcome(plan) == Outcome(position=1, vendor_id="7", kind=kind, dynamics_id="x")


def test_each_outcome_tells_by_what_the_record_was_found() -> None:
    match = Match("email", ("x", "y"), "x")
    refused = RecordRejected("duplicateRecord", "Dynamics has it already.")
    for plan in Update("x", "tag", {"a": 1}), Unchanged("x"), Skip("severalMatches", "Two match.", "x"):
        planned = PlannedRecord(1, "7", plan, match=match)
        assert [each.match for each in outcomes_of([planned], {})] == [match]
        assert [each.match for each in outcomes_of([planned], {1: refused})] == [match]


def test_values_that_were_left_out_are_told_though_the_record_was_written() -> None:
    told = outcome(Create("x", {}), note="Fax holds 50 characters; the value is longer.")
    assert (told.kind, told.code, told.column) == (OutcomeKind.CREATED, "valuesLeftOut", "fax")
    assert told.reason == "Fax holds 50 characters; the value is longer."


@pytest.mark.parametrize("note", [None, "Fax holds 50 characters; the value is longer."])
def test_a_skipped_or_rejected_record_tells_its_own_reason(note: str | None) -> None:
    skipped = outcome(Skip("severalMatches", "Two match.", "x"), note=note)
    assert (skipped.kind, skipped.code, skipped.reason) == (
        OutcomeKind.SKIPPED,
        "severalMatches",
        "Two match.",
    )
    assert (skipped.dynamics_id, skipped.column) == ("x", None)
    rejected = outcome(Reject("requiredMissing", "No name.", "name"), note=note)
    assert (rejected.kind, rejected.code, rejected.reason) == (
        OutcomeKind.FAILED,
        "requiredMissing",
        "No name.",
    )
    assert (rejected.dynamics_id, rejected.column) == (None, "name")


ERROR = RecordRejected("tooLong", "Dynamics says it is too long.", column="fax")


@pytest.mark.parametrize(
    ("plan", "dynamics_id"), [(Create("x", {"a": 1}), None), (Update("x", "tag", {"a": 1}), "x")]
)
def test_a_write_that_dynamics_refused_failed(plan: RecordPlan, dynamics_id: str | None) -> None:
    failed = outcome(plan, ERROR, note="noted")
    assert (failed.kind, failed.code, failed.column) == (OutcomeKind.FAILED, "tooLong", "fax")
    assert failed.reason == "Dynamics says it is too long."
    assert failed.dynamics_id == dynamics_id


def merged(first: RecordPlan, error: RecordRejected | None = None, *, contributed: bool = True) -> Outcome:
    planned = [
        PlannedRecord(3, "7", first),
        PlannedRecord(4, "8", Create("y", {})),
        PlannedRecord(5, "9", MergedInto(3, contributed)),
    ]
    *_, last = outcomes_of(planned, {} if error is None else {3: error})
    assert (last.position, last.vendor_id) == (5, "9")
    return last


@pytest.mark.parametrize("first", [Create("x", {}), Update("x", "tag", {})])
def test_a_merged_record_updated_what_the_first_one_wrote(first: RecordPlan) -> None:
    last = merged(first)
    assert (last.kind, last.dynamics_id, last.code) == (OutcomeKind.UPDATED, "x", "mergedWithEarlier")
    assert last.reason is not None
    assert "number 3" in last.reason
    assert merged(first, contributed=False).kind is OutcomeKind.UNCHANGED


def test_a_merged_record_is_unchanged_where_the_first_one_is() -> None:
    assert merged(Unchanged("x")).kind is OutcomeKind.UNCHANGED


@pytest.mark.parametrize(
    ("first", "error", "kind", "code"),
    [
        (Skip("updatesSwitchedOff", "Switched off.", "x"), None, OutcomeKind.SKIPPED, "updatesSwitchedOff"),
        (Reject("requiredMissing", "No name.", "name"), None, OutcomeKind.FAILED, "requiredMissing"),
        (Create("x", {}), ERROR, OutcomeKind.FAILED, "tooLong"),
        (Update("x", "tag", {}), ERROR, OutcomeKind.FAILED, "tooLong"),
    ],
)
def test_a_merged_record_shares_the_reason_why_nothing_was_written(
    first: RecordPlan, error: RecordRejected | None, kind: OutcomeKind, code: str
) -> None:
    last = merged(first, error)
    assert (last.kind, last.code) == (kind, code)
    assert last.reason is not None
    assert last.reason.startswith("The same record as number 3 of this export. ")
    assert last.reason.endswith(".")


def test_a_refusal_of_one_record_is_nobody_elses() -> None:
    planned = [PlannedRecord(1, "1", Create("x", {})), PlannedRecord(2, "2", Create("y", {}))]
    assert [each.kind for each in outcomes_of(planned, {2: ERROR})] == [
        OutcomeKind.CREATED,
        OutcomeKind.FAILED,
    ]


def test_a_chunk_that_was_not_processed_gives_every_record_the_same_outcome() -> None:
    records: list[InputRecord] = [record(1, id=7), unreadable(2), record(3, name="Contoso")]
    outcomes = same_for_all(records, OutcomeKind.SKIPPED, "cancelled", "Cancelled.")
    assert [(each.position, each.vendor_id) for each in outcomes] == [(1, "7"), (2, None), (3, None)]
    assert {(each.kind, each.code, each.reason) for each in outcomes} == {
        (OutcomeKind.SKIPPED, "cancelled", "Cancelled.")
    }
