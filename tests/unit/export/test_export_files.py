"""What is kept of an export comes back as it was, through a blob container in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import NotFound
from shared.domain.export_settings import AccountSettings, ExportSettings
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType, TenantId
from shared.domain.mapping import MappingRow
from shared.domain.match_decisions import BY_CHOICE, Match
from shared.domain.matching import Chosen
from shared.domain.plan import Create, Delete, MergedInto, PlannedRecord, Reject, Skip, Unchanged, Update
from shared.domain.preferences import ConnectionMode, LinkAccount, OnMatch, OnReadOnlyMatch, OnSeveralMatches
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord
from shared.storage.files import ExportFiles
from tests.builders import CREATE_ONLY, OVERWRITE, constant, preferences, row, template
from tests.fakes import MemoryContainer

TENANT, EXPORT = TenantId("contoso/../fabrikam"), ExportId("998299999999999-010203040506")


def files() -> ExportFiles:
    return ExportFiles(MemoryContainer())


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
_maybe = st.one_of(st.none(), _texts)
_positions = st.integers(1, 10**6)
_values = st.dictionaries(
    _texts,
    st.one_of(
        _texts,
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    max_size=4,
)
_records: st.SearchStrategy[InputRecord] = st.one_of(
    st.builds(VendorRecord, _positions, _positions, _values),
    st.builds(UnreadableRecord, _positions, _positions, _texts, _texts),
)
_plans = st.one_of(
    st.builds(Create, _texts, _values),
    st.builds(Update, _texts, _maybe, _values),
    st.builds(Delete, _texts, _texts),
    st.builds(Unchanged, _texts),
    st.builds(Skip, _texts, _texts, _maybe),
    st.builds(Reject, _texts, _texts, _maybe),
    st.builds(MergedInto, _positions, st.booleans()),
)
_ids = st.lists(_texts, min_size=1, max_size=3).map(tuple)
_matches = st.one_of(
    st.none(),
    st.just(Match(BY_CHOICE, (), None)),
    _ids.map(lambda ids: Match("email", ids, ids[-1])),
    _ids.map(lambda ids: Match("name", ids, None)),
)
_planned = st.builds(PlannedRecord, _positions, _maybe, _plans, _maybe, _maybe, _maybe, _matches)
_outcomes = st.builds(
    Outcome,
    position=_positions,
    vendor_id=_maybe,
    kind=st.sampled_from(OutcomeKind),
    dynamics_id=_maybe,
    code=_maybe,
    reason=_maybe,
    column=_maybe,
    match=_matches,
)


@given(st.lists(_records, max_size=5))
def test_the_records_of_a_chunk_come_back_as_they_were(records: list[InputRecord]) -> None:
    kept = files()
    kept.write_records(TENANT, EXPORT, 1, records)
    assert kept.read_records(TENANT, EXPORT, 1) == records


@given(st.lists(_planned, max_size=5))
def test_the_plan_of_a_chunk_comes_back_as_it_was(planned: list[PlannedRecord]) -> None:
    kept = files()
    kept.write_plan(TENANT, EXPORT, 1, planned)
    read = kept.read_plan(TENANT, EXPORT, 1)
    assert read == planned
    assert [type(each.plan) for each in read or []] == [type(each.plan) for each in planned]


@given(st.lists(_outcomes, max_size=5))
def test_the_outcomes_of_a_chunk_come_back_as_they_were(outcomes: list[Outcome]) -> None:
    kept = files()
    kept.write_outcomes(TENANT, EXPORT, 1, outcomes)
    assert kept.read_outcomes(TENANT, EXPORT, 1) == outcomes


@given(st.lists(_outcomes, max_size=5), st.lists(_outcomes, max_size=5))
def test_the_outcomes_that_were_kept_first_stay(first: list[Outcome], second: list[Outcome]) -> None:
    kept = files()
    assert kept.keep_outcomes(TENANT, EXPORT, 1, first) == first
    assert kept.keep_outcomes(TENANT, EXPORT, 1, second) == (first or second)
    assert kept.read_outcomes(TENANT, EXPORT, 1) == first


_rows = st.one_of(
    st.builds(row, _texts, _texts, st.just(OVERWRITE), fails=st.booleans()),
    st.builds(template, _texts, _texts, st.just(CREATE_ONLY)),
    st.builds(constant, st.one_of(_texts, st.booleans(), st.integers(0, 99), st.floats(0, 9)), _texts),
)


@given(
    st.lists(_rows, max_size=4),
    st.sampled_from(ObjectType),
    st.sampled_from(ConnectionMode),
    st.sampled_from(OnSeveralMatches),
    st.sampled_from(OnReadOnlyMatch),
    st.one_of(st.none(), st.integers(1, 10**6)),
    st.dictionaries(_positions, st.builds(Chosen, _maybe), max_size=2),
    st.one_of(st.none(), st.sampled_from(OnMatch)),
)
def test_an_export_keeps_the_decisions_that_it_was_started_with(
    rows: list[MappingRow],
    object_type: ObjectType,
    mode: ConnectionMode,
    several: OnSeveralMatches,
    read_only: OnReadOnlyMatch,
    most: int | None,
    choices: dict[int, Chosen],
    on_match: OnMatch | None,
) -> None:
    decided = preferences(
        object_type,
        create_new=False,
        allow_duplicates=True,
        link_account=LinkAccount.CREATE,
        on_several_matches=several,
        on_read_only_match=read_only,
        max_records_per_export=most,
    )
    accounts = None if most is None else AccountSettings(tuple(rows), decided)
    settings = ExportSettings(
        tuple(rows), decided, mode, choices=choices, on_match=on_match, accounts=accounts
    )
    kept = files()
    kept.write_settings(TENANT, EXPORT, settings)
    read = kept.read_settings(TENANT, EXPORT)
    assert read == settings
    assert [type(getattr(each.source, "value", None)) for each in read.rows] == [
        type(getattr(each.source, "value", None)) for each in rows
    ]


def test_what_was_never_kept_is_none_or_not_found() -> None:
    kept = files()
    assert kept.read_records(TENANT, EXPORT, 1) is None
    assert kept.read_plan(TENANT, EXPORT, 1) is None
    assert kept.read_outcomes(TENANT, EXPORT, 1) is None
    assert kept.input_size(TENANT, EXPORT) is None
    for read in (kept.read_settings, kept.read_input):
        with pytest.raises(NotFound):
            read(TENANT, EXPORT)


def test_an_input_comes_back_byte_for_byte() -> None:
    kept = files()
    assert kept.write_input(TENANT, EXPORT, [b"a\xff", b"\n"]) == 3
    assert b"".join(kept.read_input(TENANT, EXPORT).chunks) == b"a\xff\n"
    assert kept.input_size(TENANT, EXPORT) == 3


def test_chunks_exports_and_tenants_do_not_mix_and_are_removed_apart() -> None:
    kept = files()
    other = ExportId("998299999999998-010203040506")
    places = [
        (TENANT, EXPORT, 1),
        (TENANT, EXPORT, 11),
        (TENANT, other, 1),
        (TenantId("contoso"), EXPORT, 1),
        (TenantId("fabrikam"), EXPORT, 1),
    ]
    for number, place in enumerate(places):
        kept.write_records(*place, [VendorRecord(number + 1, 1, {})])
    assert [kept.read_records(*place) for place in places] == [
        [VendorRecord(number + 1, 1, {})] for number in range(len(places))
    ]
    kept.delete_all(TENANT, EXPORT)
    assert [kept.read_records(*place) is None for place in places] == [True, True, False, False, False]
