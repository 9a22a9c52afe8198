from dataclasses import replace
from typing import Any

import pytest

from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.compiled.lookups import LookupQuestion, TargetColumn
from shared.domain.compiled.tools import Tools
from shared.domain.drift import drift
from shared.domain.fields import Column, ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow
from shared.domain.vendor_catalog import vendor_fields
from tests.builders import FILL, OVERWRITE, REQUIRED, catalog, column, options, row
from tests.unit.domain.linked import (
    ACCOUNT,
    CUSTOMER,
    ONE,
    OWNER,
    PARENT,
    TARGETS,
    THREE,
    TWO,
    USER,
    fixed_owner,
    found,
    lookup,
)

PEOPLE = vendor_fields(ObjectType.LEAD)
TABLE = catalog(PARENT, CUSTOMER, OWNER, column("fax"))


def mapping_of(*rows: MappingRow, tools: Tools | None = None) -> CompiledMapping:
    return compile_mapping(rows, TABLE, PEOPLE, tools or Tools(), targets=TARGETS)


CONTOSO = found(ACCOUNT, "name", {"accountid": ONE, "name": " CONTOSO Ltd"})


def test_a_lookup_is_sent_as_a_binding_to_the_record_that_was_found() -> None:
    mapping = mapping_of(lookup("companyName", PARENT))
    mapped = mapping.map({"companyName": "Contoso LTD "}, CONTOSO)
    assert mapping.creation(mapped) == {"parentaccountid@odata.bind": f"/accounts({ONE})"}


@pytest.mark.parametrize(("to", "bind_name"), [(CUSTOMER, "customerid_account"), (PARENT, "parentaccountid")])
def test_the_target_table_decides_by_which_name_a_record_is_bound(to: Column, bind_name: str) -> None:
    mapping = mapping_of(lookup("companyName", to))
    assert list(mapping.creation(mapping.map({"companyName": "Contoso Ltd"}, CONTOSO))) == [
        f"{bind_name}@odata.bind"
    ]


@pytest.mark.parametrize(
    ("present", "changes"),
    [(None, True), (ONE, False), (ONE.upper(), False), (TWO, True)],
)
def test_an_overwriting_lookup_is_sent_where_another_record_is_bound(present: str, changes: bool) -> None:  # noqa: FBT001 - from a table of cases
    mapping = mapping_of(lookup("companyName", PARENT, option=OVERWRITE))
    mapped = mapping.map({"companyName": "Contoso Ltd"}, CONTOSO)
    assert bool(mapping.changes(mapped, {"_parentaccountid_value": present})) is changes


@pytest.mark.parametrize(("present", "changes"), [(None, True), (ONE, False), (TWO, False)])
def test_a_lookup_that_fills_leaves_any_record_that_is_bound(present: str, changes: bool) -> None:  # noqa: FBT001 - from a table of cases
    mapping = mapping_of(lookup("companyName", PARENT, option=FILL))
    mapped = mapping.map({"companyName": "Contoso Ltd"}, CONTOSO)
    assert bool(mapping.changes(mapped, {"_parentaccountid_value": present})) is changes


def test_what_is_not_found_or_found_twice_is_left_out_with_the_reason() -> None:
    mapping = mapping_of(lookup("companyName", PARENT), row("fax", "fax"))
    two = found(ACCOUNT, "name", {"accountid": ONE, "name": "Contoso"}, {"accountid": TWO, "name": "contoso"})
    nothing = mapping.map({"companyName": "Nobody", "fax": "1"}, two)
    several = mapping.map({"companyName": "Contoso", "fax": "1"}, two)
    assert mapping.creation(nothing) == mapping.creation(several) == {"fax": "1"}
    assert [(each.column, each.code) for each in (*nothing.left_out, *several.left_out)] == [
        ("parentaccountid", "lookupNotFound"),
        ("parentaccountid", "lookupAmbiguous"),
    ]
    assert nothing.left_out[0].message == "Parentaccountid: no Account in Dynamics has this Account Name."
    assert "2 records" in several.left_out[0].message
    assert nothing.rejected is None


def test_a_row_may_fail_its_record_for_a_lookup_that_is_not_found() -> None:
    mapped = mapping_of(lookup("companyName", PARENT, fails=True)).map({"companyName": "Nobody"})
    assert mapped.rejected is not None
    assert mapped.rejected.column == "parentaccountid"


def test_an_active_record_goes_before_inactive_ones_of_the_same_name() -> None:
    rows = [
        {"accountid": ONE, "name": "Contoso", "statecode": 1},
        {"accountid": TWO, "name": "Contoso", "statecode": 0},
        {"accountid": THREE, "name": "Fabrikam", "statecode": 1},
    ]
    links = found(ACCOUNT, "name", *rows)
    mapping = mapping_of(lookup("companyName", PARENT))
    bound = [mapping.creation(mapping.map({"companyName": name}, links)) for name in ("contoso", "Fabrikam")]
    assert [each["parentaccountid@odata.bind"] for each in bound] == [
        f"/accounts({TWO})",
        f"/accounts({THREE})",
    ]


def test_the_next_row_steps_in_for_a_lookup_that_is_not_found() -> None:
    mapping = mapping_of(lookup("companyWebsite", PARENT, by="websiteurl"), lookup("companyName", PARENT))
    mapped = mapping.map({"companyWebsite": "https://other.example", "companyName": "Contoso Ltd"}, CONTOSO)
    assert mapping.creation(mapped) == {"parentaccountid@odata.bind": f"/accounts({ONE})"}


def test_everything_is_asked_once_and_websites_in_every_spelling() -> None:
    mapping = mapping_of(
        lookup("companyWebsite", PARENT, by="websiteurl"),
        lookup("companyName", CUSTOMER),
        fixed_owner("Ada@contoso.example"),
    )
    people = [
        {"companyWebsite": "https://www.contoso.example/about", "companyName": "Contoso"},
        {"companyWebsite": "contoso.example", "companyName": "CONTOSO"},
        {"companyName": " "},
    ]
    questions = {(each.target.table, each.column): each for each in mapping.lookup_questions(people)}
    assert set(questions) == {
        ("account", "websiteurl"),
        ("account", "name"),
        ("systemuser", "internalemailaddress"),
    }
    assert "https://www.contoso.example/" in questions["account", "websiteurl"].values
    assert questions["account", "name"].values == ("contoso",)
    assert questions["systemuser", "internalemailaddress"].values == ("ada@contoso.example",)
    assert questions["account", "name"].select == ("accountid", "name", "statecode")


def test_a_mapping_without_lookups_asks_nothing() -> None:
    assert mapping_of(row("fax", "fax")).lookup_questions([{"fax": "1"}]) == []


def test_a_company_is_found_by_its_vendor_id_under_the_key_of_ours() -> None:
    tools = Tools(
        own_id=lambda table, vendor_id: TWO if (table, vendor_id) == ("account", "2000000001") else None
    )
    mapping = mapping_of(lookup("companyId", PARENT, by="accountid"), tools=tools)
    assert [
        each.values for each in mapping.lookup_questions([{"companyId": 2000000001}, {"companyId": "x"}])
    ] == [(TWO,)]
    links = found(ACCOUNT, "accountid", {"accountid": TWO})
    assert mapping.creation(mapping.map({"companyId": 2000000001}, links)) == {
        "parentaccountid@odata.bind": f"/accounts({TWO})"
    }


def test_the_owner_may_be_the_same_user_for_all() -> None:
    mapping = mapping_of(fixed_owner("ada@contoso.example"))
    links = found(
        USER, "internalemailaddress", {"systemuserid": ONE, "internalemailaddress": "Ada@Contoso.example"}
    )
    assert mapping.creation(mapping.map({}, links)) == {"ownerid@odata.bind": f"/systemusers({ONE})"}


@pytest.mark.parametrize(
    "unusable",
    [
        row("companyName", "parentaccountid"),
        lookup("companyName", PARENT, table="contact"),
        lookup("companyName", CUSTOMER, table="contact"),
        lookup("companyName", PARENT, by="gone"),
        lookup("companyName", PARENT, by="revenue"),
    ],
    ids=["no rule", "of a foreign table", "of a table that was not read", "by no column", "by an amount"],
)
def test_a_lookup_that_cannot_be_resolved_is_left_out_of_the_mapping(unusable: MappingRow) -> None:
    assert mapping_of(unusable).missing == (unusable.column,)


def test_a_required_lookup_is_asked_for_and_an_owner_is_not() -> None:
    needed = column(
        "parentaccountid", ColumnType.LOOKUP, navigation=PARENT.navigation, required_level=REQUIRED
    )
    owner = column("ownerid", ColumnType.OWNER, navigation=OWNER.navigation, required_level=REQUIRED)
    mapping = compile_mapping(
        [lookup("companyName", PARENT)], catalog(needed, owner), PEOPLE, targets=TARGETS
    )
    assert mapping.missing_required({}) is needed
    assert (
        mapping.missing_required(mapping.creation(mapping.map({"companyName": "Contoso Ltd"}, CONTOSO)))
        is None
    )


def test_hostile_names_stay_values() -> None:
    mapping = mapping_of(lookup("companyName", PARENT))
    [question] = mapping.lookup_questions([{"companyName": "x') or (1 eq 1\r\n$select=*"}])
    assert question == LookupQuestion(ACCOUNT, "name", ("x') or (1 eq 1\r\n$select=*",))


def test_options_of_a_row_without_a_lookup_change_nothing() -> None:
    assert options(row("fax", "fax"), lookup=None) == row("fax", "fax")


@pytest.mark.parametrize(
    ("number", "asked"),
    [
        (7, ("7",)),
        (" -7", ("-7",)),
        ("x", None),
        ("7.5", None),
        (2**31, None),
        ("\u0667", None),
        ("1" * 30, None),
    ],
)
def test_only_whole_numbers_are_looked_for_in_a_column_of_numbers(number: Any, asked: Any) -> None:
    numbered = replace(ACCOUNT, columns={"number": TargetColumn(ColumnType.INTEGER, "Number")})
    mapping = compile_mapping(
        [lookup("companyId", PARENT, by="number")], TABLE, PEOPLE, targets={"account": numbered}
    )
    assert [each.values for each in mapping.lookup_questions([{"companyId": number}])] == (
        [asked] if asked else []
    )


def test_a_target_that_lost_its_column_is_drift() -> None:
    rows = [lookup("companyName", PARENT, by="gone"), lookup("companyName", PARENT)]
    assert [(each.code, each.row) for each in drift(rows, TABLE, PEOPLE, TARGETS)] == [
        ("lookupColumnUnknown", 1)
    ]
    assert drift(rows, TABLE, PEOPLE) == []
