"""Protected rows overwrite only what this service wrote last."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compiled.protection import CODE, Written, edited, seal, seals
from shared.domain.fields import Column, ColumnType
from shared.domain.ids import ObjectType, TenantId
from shared.domain.matching import Candidates, identify
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import PlannedRecord, PlanRules, Unchanged, Update, ids_to_look_up, plan_chunk
from shared.domain.preferences import MatchRule
from shared.storage.writes import WriteLedger
from tests.builders import (
    OVERWRITE,
    TENANT,
    choice,
    column,
    compiled,
    existing,
    options,
    preferences,
    record,
    row,
    texts,
)
from tests.fakes import MemoryTable
from tests.unit.domain.linked import ONE, PARENT

COLUMNS = texts("jobtitle", "companyname", "emailaddress1")
MAPPING = compiled(
    COLUMNS,
    options(row("jobTitle", "jobtitle", OVERWRITE), protect_edits=True),
    row("companyName", "companyname", OVERWRITE),
)
ADA = {"id": 1, "email": "ada@x.example", "jobTitle": "CTO", "companyName": "Contoso"}


def plan(written: dict[str, str] | None, fields: dict[str, Any] = ADA, **present: Any) -> PlannedRecord:
    decided = preferences(ObjectType.LEAD, match_rules=(MatchRule.EMAIL,))
    rules = PlanRules(ObjectType.LEAD, MAPPING, decided)
    there = existing("x", emailaddress1="ada@x.example", **present)
    person = record(1, **fields)
    identities = {1: identify(person, TENANT, ObjectType.LEAD, decided.match_rules)}
    known = None if written is None else Written(TENANT, {"x": written})
    [planned] = plan_chunk(
        [person], identities, Candidates([there], decided.match_rules), rules, written=known
    )
    return planned


def sealed(value: str) -> dict[str, str]:
    return {"jobtitle": seal(TENANT, "x", COLUMNS["jobtitle"], value)}


def test_what_this_service_wrote_last_is_overwritten() -> None:
    planned = plan(sealed("CFO"), jobtitle="CFO", companyname="Contoso")
    assert planned.plan == Update("x", 'W/"x"', {"jobtitle": "CTO"})
    assert planned.note is None


@pytest.mark.parametrize("written", [{}, {"jobtitle": "0" * 16}])
def test_what_somebody_else_wrote_is_left_alone_and_noted(written: dict[str, str]) -> None:
    planned = plan(written, jobtitle="Queen", companyname="Fabrikam")
    assert planned.plan == Update("x", None, {"companyname": "Contoso"})
    assert (planned.code, planned.column) == (CODE, "jobtitle")
    [outcome] = outcomes_of([planned], {})
    assert (outcome.code, outcome.column) == ("protectedEdit", "jobtitle")
    assert "Queen" not in (outcome.reason or "")


def test_when_nothing_but_edits_would_change_the_record_is_unchanged() -> None:
    planned = plan({}, jobtitle="Queen", companyname="Contoso")
    assert planned.plan == Unchanged("x")
    assert planned.code == CODE


def test_an_empty_value_that_nobody_wrote_is_filled_and_one_that_was_emptied_stays() -> None:
    assert plan({}, companyname="Contoso").plan == Update("x", 'W/"x"', {"jobtitle": "CTO"})
    assert plan(sealed("CFO"), jobtitle=" ", companyname="Contoso").plan == Unchanged("x")


def test_another_note_keeps_its_own_code() -> None:
    planned = plan({}, ADA | {"companyName": "x" * 101}, jobtitle="Queen")
    assert planned.code is None
    assert outcomes_of([planned], {})[0].code == "valuesLeftOut"


def test_only_records_whose_protected_columns_would_change_are_looked_up() -> None:
    assert ids_to_look_up([plan(None, jobtitle="CFO")], MAPPING) == ["x"]
    assert ids_to_look_up([plan(None, jobtitle="CTO", companyname="Fabrikam")], MAPPING) == []
    assert ids_to_look_up([plan(None, jobtitle="CFO")], compiled(COLUMNS)) == []


def test_an_edit_in_an_address_protects_the_whole_address() -> None:
    columns = texts("line", "city", "emailaddress1")
    mapping = compiled(
        columns,
        options(row("street", "line", OVERWRITE), block="a", protect_edits=True),
        options(row("city", "city", OVERWRITE), block="a"),
    )
    assert mapping.protected == {"line"}
    decided = preferences(ObjectType.LEAD, match_rules=(MatchRule.EMAIL,))
    person = record(1, id=1, email="ada@x.example", street="12 Harbor Way", city="Seattle")
    identities = {1: identify(person, TENANT, ObjectType.LEAD, decided.match_rules)}
    there = existing("x", emailaddress1="ada@x.example", line="Edited", city="Portland")
    [planned] = plan_chunk(
        [person],
        identities,
        Candidates([there], decided.match_rules),
        PlanRules(ObjectType.LEAD, mapping, decided),
        written=Written(TENANT),
    )
    assert planned.plan == Unchanged("x")
    assert (planned.code, planned.column) == (CODE, "line")


_SAME = [
    (column("x", ColumnType.MONEY, precision=2), 5.0, 5),
    (column("x", ColumnType.INTEGER), 5, 5),
    (column("x", ColumnType.DATE_TIME), "2026-01-31T10:00:00Z", "2026-01-31T10:00:00"),
    (choice("x", "A", "B", kind=ColumnType.MULTI_SELECT), "1,2", "2,1"),
    (PARENT, ONE, ONE.upper()),
    (PARENT, f"/accounts({ONE})", ONE),
    (column("x", ColumnType.BOOLEAN), True, True),
]


@pytest.mark.parametrize(("target", "sent", "read"), _SAME)
def test_a_value_has_one_seal_as_it_is_sent_and_as_it_is_read(target: Column, sent: Any, read: Any) -> None:
    assert seal(TENANT, "X", target, sent) == seal(TENANT, "x", target, read)


@given(st.text(), st.text())
def test_a_seal_tells_values_records_columns_and_tenants_apart(one: str, other: str) -> None:
    first = seal(TENANT, "x", COLUMNS["jobtitle"], one)
    assert (first == seal(TENANT, "x", COLUMNS["jobtitle"], other)) == (one == other)
    assert first != seal(TENANT, "y", COLUMNS["jobtitle"], one)
    assert first != seal(TENANT, "x", COLUMNS["companyname"], one)
    assert first != seal(TenantId("fabrikam"), "x", COLUMNS["jobtitle"], one)
    assert len(first) == 16


def note(
    ledger: WriteLedger,
    created: dict[str, dict[str, str]] | None = None,
    changed: dict[str, dict[str, str]] | None = None,
) -> None:
    """Of the values by record and column their seals."""
    sealed = [
        {row_id: seals(TENANT, row_id, COLUMNS, values) for row_id, values in (rows or {}).items()}
        for rows in (created, changed)
    ]
    ledger.of(TENANT, ObjectType.LEAD).note(created=sealed[0], changed=sealed[1])


def test_of_a_record_that_is_made_anew_nothing_from_before_is_known() -> None:
    ledger = WriteLedger(MemoryTable())
    note(ledger, created={ONE: {"jobtitle": "CTO", "companyname": "Contoso"}})
    note(ledger, created={ONE: {"companyname": "Fabrikam"}})
    known = ledger.read(TENANT, ObjectType.LEAD, [ONE]).rows[ONE]
    assert known == seals(TENANT, ONE, COLUMNS, {"companyname": "Fabrikam"})


def test_what_two_chunks_wrote_into_one_record_is_all_known() -> None:
    ledger = WriteLedger(MemoryTable())
    note(ledger, created={ONE: {"jobtitle": "CTO"}})
    chunks = [ledger.of(TENANT, ObjectType.LEAD) for _ in range(2)]
    for each in chunks:
        each.read([ONE])
    chunks[0].note(created={}, changed={ONE: seals(TENANT, ONE, COLUMNS, {"jobtitle": "CEO"})})
    chunks[1].note(created={}, changed={ONE: seals(TENANT, ONE, COLUMNS, {"companyname": "Contoso"})})
    expected = seals(TENANT, ONE, COLUMNS, {"jobtitle": "CEO", "companyname": "Contoso"})
    assert ledger.read(TENANT, ObjectType.LEAD, [ONE]).rows == {ONE: expected}


def test_a_record_that_others_made_is_noted_when_it_is_changed_first() -> None:
    ledger = WriteLedger(MemoryTable())
    of_leads = ledger.of(TENANT, ObjectType.LEAD)
    assert of_leads.read([ONE]).rows == {}
    expected = seals(TENANT, ONE, COLUMNS, {"jobtitle": "CTO"})
    of_leads.note(created={}, changed={ONE: expected})
    assert ledger.read(TENANT, ObjectType.LEAD, [ONE]).rows == {ONE: expected}


def test_the_ledger_keeps_seals_and_never_values() -> None:
    table = MemoryTable()
    ledger = WriteLedger(table)
    values = {"jobtitle": "CTO", "companyname": "Contoso"}
    note(ledger, created={ONE: {"jobtitle": "CTO"}})
    note(ledger, changed={ONE.upper(): {"companyname": "Contoso"}})
    assert ledger.read(TENANT, ObjectType.LEAD, [ONE]).rows == {ONE: seals(TENANT, ONE, COLUMNS, values)}
    assert ledger.read(TENANT, ObjectType.ACCOUNT, [ONE]).rows == {}
    assert "CTO" not in str(list(table.rows("contoso|lead")))
    there = {"jobtitle": "CTO", "companyname": "Contoso"}
    written = ledger.read(TENANT, ObjectType.LEAD, [ONE])
    assert edited(there, (ONE, there), COLUMNS, written) == []
    changed = there | {"jobtitle": "Queen"}
    assert [each.column for each in edited(there, (ONE, changed), COLUMNS, written)] == ["jobtitle"]
