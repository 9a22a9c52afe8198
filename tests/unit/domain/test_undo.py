"""What becomes of each change of an export that is undone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.compiled.payload import payloads_of
from shared.domain.erasure import Person
from shared.domain.fields import ColumnType
from shared.domain.plan import Create, Delete, PlannedRecord, Skip, Unchanged, Update
from shared.domain.records import VendorRecord
from shared.domain.undo import Change, Undone, UndoRules, undo_plans
from tests.builders import catalog, column, existing
from tests.unit.domain.linked import CUSTOMER, PARENT

COLUMNS = catalog(
    column("jobtitle"),
    column("firstname"),
    column("revenue", ColumnType.MONEY, precision=2),
    PARENT,
    CUSTOMER,
)
RULES = UndoRules(COLUMNS, payloads_of(COLUMNS.values(), COLUMNS))
ID, TAG = "r1", 'W/"r1"'
UNTOUCHED = {
    "createdon": "2026-03-01T12:00:00Z",
    "modifiedon": "2026-03-01T12:00:01Z",
    "_createdby_value": "us",
    "_modifiedby_value": "us",
}
OLD, NEW = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def nothing(_row_id: str) -> None:
    return None


def replaced(wrote: dict[str, Any], before: dict[str, Any]) -> Change:
    return Change(vendor_id="v", id=ID, created=False, wrote=wrote, before=before)


def created(**wrote: Any) -> Change:
    return Change(vendor_id="v", id=ID, created=True, wrote=wrote, before={})


def decide(change: Change, **present: Any) -> Undone:
    return RULES.decide(change, existing(ID, **present), nothing)


def test_what_still_holds_our_value_gets_its_old_one_back() -> None:
    undone = decide(replaced({"jobtitle": "CEO"}, {"jobtitle": "Clerk"}), jobtitle="CEO")
    assert (undone.plan, undone.code) == (Update(ID, TAG, {"jobtitle": "Clerk"}), "restored")


def test_a_plan_that_writes_is_remembered_with_what_was_there_before() -> None:
    update = Update(ID, TAG, {"jobtitle": "CEO"}, before={"jobtitle": "Clerk"})
    assert Change.of_plan(PlannedRecord(1, "v", update)) == replaced(
        {"jobtitle": "CEO"}, {"jobtitle": "Clerk"}
    )
    made = Create(ID, {"jobtitle": "CEO"})
    assert Change.of_plan(PlannedRecord(1, "v", made)) == created(jobtitle="CEO")
    assert Change.of_plan(PlannedRecord(1, "v", Unchanged(ID))) is None


@pytest.mark.parametrize(
    ("first_name", "code", "column"),
    [("Ada", "restored", None), ("Eve", "restored", None), ("Zoe", "editedSince", "firstname")],
    ids=["put back by somebody", "ours", "somebody's own"],
)
def test_only_what_somebody_changed_to_something_else_is_told(
    first_name: str, code: str, column: str | None
) -> None:
    before = {"jobtitle": "Clerk", "firstname": "Ada"}
    undone = decide(
        replaced({"jobtitle": "CEO", "firstname": "Eve"}, before), jobtitle="CEO", firstname=first_name
    )
    assert (undone.code, undone.column) == (code, column)
    assert undone.plan == Update(ID, TAG, before if first_name == "Eve" else {"jobtitle": "Clerk"})


def test_values_are_compared_as_their_column_compares() -> None:
    undone = decide(replaced({"revenue": 12.5}, {"revenue": None}), revenue=12.5000001)
    assert undone.plan == Update(ID, TAG, {"revenue": None})


def test_a_reference_goes_back_to_the_record_that_it_named_or_is_emptied() -> None:
    wrote = {"parentaccountid@odata.bind": f"/accounts({NEW})"}
    there = {"_parentaccountid_value": NEW.upper()}
    back = decide(replaced(wrote, {"parentaccountid": OLD}), **there)
    assert back.plan == Update(ID, TAG, {"parentaccountid@odata.bind": f"/accounts({OLD})"})
    emptied = decide(replaced(wrote, {"parentaccountid": None}), **there)
    assert emptied.plan == Update(ID, TAG, {"parentaccountid@odata.bind": None})


def test_a_reference_of_which_nobody_knows_into_which_table_stays_and_is_told() -> None:
    wrote = {"customerid_account@odata.bind": f"/accounts({NEW})", "jobtitle": "CEO"}
    change = replaced(wrote, {"customerid": OLD, "jobtitle": None})
    undone = decide(change, _customerid_value=NEW, jobtitle="CEO")
    assert undone.plan == Update(ID, TAG, {"jobtitle": None})
    assert "Customerid" in (undone.note or "")
    alone = decide(
        replaced({"customerid_account@odata.bind": f"/accounts({NEW})"}, {"customerid": OLD}),
        _customerid_value=NEW,
    )
    assert isinstance(alone.plan, Skip)
    assert alone.plan.code == "oldValuesUnknown"


def test_a_change_whose_old_values_nobody_kept_stays() -> None:
    undone = decide(replaced({"jobtitle": "CEO"}, {}), jobtitle="CEO")
    assert isinstance(undone.plan, Skip)
    assert undone.plan.code == "oldValuesUnknown"


def test_a_column_that_is_gone_since_is_left_out() -> None:
    change = replaced({"jobtitle": "CEO", "new_gone": "x"}, {"jobtitle": None, "new_gone": None})
    assert decide(change, jobtitle="CEO").plan == Update(ID, TAG, {"jobtitle": None})


@pytest.mark.parametrize(
    "touched",
    [
        pytest.param({"_modifiedby_value": "somebody"}, id="by somebody else"),
        pytest.param({"modifiedon": "2026-03-01T12:00:03Z"}, id="later"),
        pytest.param({"modifiedon": None}, id="nobody knows when"),
        pytest.param({"firstname": "Eve"}, id="one of our values"),
    ],
)
def test_a_created_record_that_anybody_touched_stays(touched: dict[str, Any]) -> None:
    undone = decide(created(firstname="Ada"), **{**UNTOUCHED, "firstname": "Ada", **touched})
    assert isinstance(undone.plan, Skip)
    assert undone.plan.code == "editedSince"


def test_a_created_record_that_nobody_touched_is_deleted_unless_something_hangs_on_it() -> None:
    there = existing(ID, **UNTOUCHED, firstname="Ada")
    assert RULES.decide(created(firstname="Ada"), there, nothing).plan == Delete(ID, TAG)
    why = Skip("hasRelated", "Notes", ID)
    assert RULES.decide(created(firstname="Ada"), there, lambda _: why).plan == why


def test_a_record_that_is_inactive_now_stays_and_one_that_is_gone_needs_nothing() -> None:
    inactive = existing(ID, read_only=True, jobtitle="CEO")
    undone = RULES.decide(replaced({"jobtitle": "CEO"}, {"jobtitle": None}), inactive, nothing)
    assert isinstance(undone.plan, Skip)
    assert undone.plan.code == "recordInactive"
    gone = RULES.decide(created(firstname="Ada"), None, nothing)
    assert (gone.plan, gone.code) == (Unchanged(ID), "alreadyGone")


_VALUES = st.dictionaries(st.sampled_from(["jobtitle", "firstname"]), st.text("ab", min_size=1), min_size=1)


@given(_VALUES, _VALUES, _VALUES)
def test_no_value_that_is_not_ours_is_ever_overwritten(
    wrote: dict[str, str], before: dict[str, str], there: dict[str, str]
) -> None:
    undone = decide(replaced(wrote, before), **there)
    if isinstance(undone.plan, Update):
        assert all(there[name] == wrote[name] for name in undone.plan.values)


@given(_VALUES, _VALUES)
def test_undoing_twice_changes_nothing_the_second_time(wrote: dict[str, str], before: dict[str, str]) -> None:
    kept = {name: before.get(name) for name in wrote}
    first = decide(replaced(wrote, kept), **wrote)
    after = {**wrote, **(first.plan.values if isinstance(first.plan, Update) else {})}
    assert not isinstance(decide(replaced(wrote, kept), **after).plan, Update)


def test_a_change_survives_being_kept_as_a_record_and_an_erasure_finds_the_person_in_it() -> None:
    planned = PlannedRecord(1, "v1", Create(ID, {"emailaddress1": "Ada@contoso.example"}))
    change = Change.of_plan(planned)
    assert change is not None
    fields = change.to_fields()
    assert Change.of_fields(fields) == change
    assert Person(email="ada@contoso.example").is_in(fields)
    assert Person(vendor_id="v1").is_in(fields)
    assert not Person(vendor_id="v2").is_in(fields)


def test_each_record_of_an_undo_has_a_plan_of_its_own_in_their_order() -> None:
    changes = [created(firstname="Ada"), replaced({"jobtitle": "CEO"}, {"jobtitle": None})]
    records = [VendorRecord(at, at, change.to_fields()) for at, change in enumerate(changes, start=1)]
    planned = list(undo_plans(records, {ID: existing(ID, jobtitle="CEO")}, nothing, RULES))
    assert [each.position for each in planned] == [1, 2]
    assert [type(each.plan) for each in planned] == [Skip, Update]
