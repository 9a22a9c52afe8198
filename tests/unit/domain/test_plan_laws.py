"""What holds for every chunk: everybody has one plan, and doing it again does nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.convert import is_empty
from shared.domain.exports import OutcomeKind, count
from shared.domain.ids import ObjectType
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import Create, MergedInto, PlannedRecord, Reject, Unchanged, Update
from shared.domain.preferences import OnReadOnlyMatch, OnSeveralMatches
from shared.domain.records import InputRecord
from tests.builders import FILL, OVERWRITE, compiled, preferences, record, row, standard, unreadable
from tests.unit.domain.planning import Organization

LEAD = ObjectType.LEAD
COLUMNS = standard(LEAD, without=["subject"])

_emails = st.sampled_from(["a@x.example", "A@x.example", "b@x.example", ""])
_person = st.fixed_dictionaries(
    {"id": st.integers(1, 4), "lastName": st.sampled_from(["Ngata", "Li"])},
    optional={
        "firstName": st.sampled_from(["Ada", "Bo"]),
        "companyName": st.sampled_from(["Contoso", "Fabrikam"]),
        "email": _emails,
        "phone": st.sampled_from(["1", "2", "x" * 60]),
        "jobTitle": st.sampled_from(["CEO", "CFO", " "]),
    },
)
_without_id = _person.map(lambda fields: {name: value for name, value in fields.items() if name != "id"})
_inputs = st.lists(st.one_of(_person, _without_id, st.none()), max_size=8)

# One vendor id has one e-mail address: with two of them, which lead it is depends on which record came first.
_addresses = st.fixed_dictionaries(dict.fromkeys(range(1, 5), _emails))
_consistent_inputs = st.builds(
    lambda inputs, addresses: [
        fields and fields | ({"email": addresses[fields["id"]]} if "id" in fields else {})
        for fields in inputs
    ],
    _inputs,
    _addresses,
)

_row = st.fixed_dictionaries(
    {
        "lastname": st.sampled_from(["Ngata", "Li"]),
        "firstname": st.sampled_from(["Ada", "Bo"]),
        "companyname": st.sampled_from(["Contoso", "Fabrikam"]),
        "emailaddress1": st.sampled_from(["a@x.example", "b@x.example", "c@x.example"]),
    },
    optional={"telephone1": st.sampled_from(["1", None, " "]), "jobtitle": st.sampled_from(["CEO", "VP"])},
)
_rows = st.dictionaries(st.sampled_from(["p", "q", "r"]), _row)
_decisions = st.builds(
    preferences,
    create_new=st.booleans(),
    update_existing=st.booleans(),
    allow_duplicates=st.booleans(),
    on_several_matches=st.sampled_from(OnSeveralMatches),
    on_read_only_match=st.sampled_from(OnReadOnlyMatch),
)
_read_only = st.frozensets(st.sampled_from(["p", "q", "r"]))
# The columns by which leads are recognized are filled, never overwritten: an administrator who has them
# overwritten may make two people of one, or one of two.
MAPPING = compiled(
    COLUMNS,
    row("firstName", "firstname"),
    row("lastName", "lastname"),
    row("companyName", "companyname"),
    row("email", "emailaddress1"),
    row("phone", "telephone1", FILL),
    row("jobTitle", "jobtitle", OVERWRITE),
)


def numbered(inputs: list[dict[str, Any] | None]) -> list[InputRecord]:
    return [
        unreadable(position) if fields is None else record(position, **fields)
        for position, fields in enumerate(inputs, start=1)
    ]


@given(_inputs, _rows, _decisions, _read_only)
def test_every_record_has_exactly_one_plan_and_one_outcome_in_its_place(
    inputs: list[Any], rows: dict[str, Any], decided: Any, read_only: frozenset[str]
) -> None:
    records = numbered(inputs)
    planned = Organization(LEAD, MAPPING, decided, rows, read_only).plan(*records)
    assert [each.position for each in planned] == [each.position for each in records]
    outcomes = outcomes_of(planned, {})
    assert [each.position for each in outcomes] == [each.position for each in records]
    assert count(outcomes).done == len(records)


@given(_inputs, _rows, _decisions, _read_only)
def test_no_row_is_written_twice_and_merged_records_follow_one_that_is(
    inputs: list[Any], rows: dict[str, Any], decided: Any, read_only: frozenset[str]
) -> None:
    planned = Organization(LEAD, MAPPING, decided, rows, read_only).plan(*numbered(inputs))
    written = [each.plan.id for each in planned if isinstance(each.plan, (Create, Update, Unchanged))]
    assert len(written) == len(set(written))
    first = {each.position: each.plan for each in planned}
    for each in planned:
        if isinstance(each.plan, MergedInto):
            assert each.plan.position < each.position
            assert not isinstance(first[each.plan.position], MergedInto)


@given(_inputs, _rows, _decisions, _read_only)
def test_nothing_read_only_is_written_and_nothing_against_the_preferences(
    inputs: list[Any], rows: dict[str, Any], decided: Any, read_only: frozenset[str]
) -> None:
    for plan in Organization(LEAD, MAPPING, decided, rows, read_only).plans(*numbered(inputs)):
        if isinstance(plan, Create):
            assert decided.create_new
        if isinstance(plan, Update):
            assert decided.update_existing
            assert plan.values
            assert plan.id not in read_only


@given(_consistent_inputs, _rows, _read_only, _decisions)
def test_planning_again_after_writing_changes_nothing(
    inputs: list[Any], rows: dict[str, Any], read_only: frozenset[str], decided: Any
) -> None:
    records = numbered(inputs)
    there = Organization(LEAD, MAPPING, decided, rows, read_only)
    first = there.export(*records)
    again = there.plan(*records)
    for before, after in zip(first, again, strict=True):
        if isinstance(before.plan, (Create, Update, Unchanged)):
            assert isinstance(after.plan, Unchanged), (before, after)
            assert after.plan.id == before.plan.id
        elif not isinstance(before.plan, MergedInto):
            assert _gist(after) == _gist(before)
    kinds = {outcome.kind for outcome in outcomes_of(again, {})}
    assert kinds <= {OutcomeKind.UNCHANGED, OutcomeKind.SKIPPED, OutcomeKind.FAILED}


def _gist(planned: PlannedRecord) -> tuple[type, str]:
    return type(planned.plan), getattr(planned.plan, "code", "")


@given(_inputs, _rows, _decisions, st.dictionaries(st.sampled_from(["p", "q", "r"]), _row))
def test_what_only_fills_never_replaces_a_value_that_somebody_enters_in_between(
    inputs: list[Any], rows: dict[str, Any], decided: Any, edits: dict[str, Any]
) -> None:
    there = Organization(LEAD, MAPPING, decided, rows)
    planned = there.plan(*numbered(inputs))
    for row_id in edits.keys() & there.rows.keys():
        there.rows[row_id] |= edits[row_id]
    before = {row_id: dict(values) for row_id, values in there.rows.items()}
    heeded = [
        each
        for each in planned
        if not (isinstance(each.plan, Update) and each.plan.etag and each.plan.id in edits)
    ]
    there.write(heeded)
    for row_id, values in before.items():
        for name in there.rows[row_id].keys() & values.keys() - {"jobtitle"}:
            assert is_empty(values[name]) or there.rows[row_id][name] == values[name]


@given(_inputs)
def test_in_an_empty_organization_there_is_one_row_for_each_vendor_id_or_email_address(
    inputs: list[Any],
) -> None:
    there = Organization(LEAD, MAPPING, preferences())
    planned = there.export(*numbered(inputs))
    assert not any(isinstance(each.plan, Reject) for each in planned if each.vendor_id is not None)
    expected: list[set[Any]] = []
    for each, fields in zip(planned, inputs, strict=True):
        if fields is None:
            continue
        email = fields.get("email", "").lower()
        marks = {("id", each.vendor_id)} | ({("email", email)} if email else set())
        same = [known for known in expected if known & marks]
        expected = [known for known in expected if known not in same] + [marks.union(*same)]
    assert len(there.rows) >= len(expected)
    assert len(there.rows) <= len({each.vendor_id for each in planned if each.vendor_id is not None})
