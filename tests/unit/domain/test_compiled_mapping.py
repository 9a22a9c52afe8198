from typing import Any

import pytest

from shared.domain.compiled import Mapped
from shared.domain.compiled.same import same_value
from shared.domain.fields import Column, ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import TemplateSource, UpdateOption
from shared.domain.vendor_catalog import vendor_fields
from tests.builders import (
    CREATE_ONLY,
    FILL,
    OVERWRITE,
    REQUIRED,
    catalog,
    choice,
    column,
    compiled,
    constant,
    row,
    template,
    texts,
)

PHONE = texts("telephone1")
DIRECT_THEN_COMPANY = compiled(
    PHONE, row("directPhone", "telephone1", FILL), row("companyPhone", "telephone1", OVERWRITE)
)


def test_the_first_row_with_a_value_wins() -> None:
    mapped = DIRECT_THEN_COMPANY.map({"directPhone": "1", "companyPhone": "2"})
    assert mapped == Mapped(fill={"telephone1": "1"})


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", [], {}, "\x00"])
def test_a_blank_direct_phone_falls_through_to_the_company_phone_and_its_update_option(blank: Any) -> None:
    mapped = DIRECT_THEN_COMPANY.map({"directPhone": blank, "companyPhone": "2"})
    assert mapped == Mapped(overwrite={"telephone1": "2"})


def test_a_missing_field_is_a_blank_one() -> None:
    assert DIRECT_THEN_COMPANY.map({"companyPhone": "2"}) == Mapped(overwrite={"telephone1": "2"})
    assert DIRECT_THEN_COMPANY.map({}) == Mapped()


@pytest.mark.parametrize("value", [0, False, "0", "false"])
def test_zero_and_false_are_values_that_win(value: Any) -> None:
    mapping = compiled(
        PHONE, row("directPhone", "telephone1", OVERWRITE), row("companyPhone", "telephone1", OVERWRITE)
    )
    assert mapping.map({"directPhone": value, "companyPhone": "2"}).overwrite["telephone1"] != "2"


@pytest.mark.parametrize("present", ["x", " x", 0, False])
def test_fill_if_missing_leaves_what_is_there(present: Any) -> None:
    mapping = compiled(PHONE, row("phone", "telephone1", FILL))
    assert mapping.changes(mapping.map({"phone": "1"}), {"telephone1": present}) == {}


@pytest.mark.parametrize("absent", [{}, {"telephone1": None}, {"telephone1": ""}, {"telephone1": " \t"}])
def test_fill_if_missing_fills_what_is_empty(absent: dict[str, object]) -> None:
    mapping = compiled(PHONE, row("phone", "telephone1", FILL))
    assert mapping.changes(mapping.map({"phone": "1"}), absent) == {"telephone1": "1"}


@pytest.mark.parametrize(
    ("present", "changes"),
    [("1", {}), ("2", {"telephone1": "1"}), (None, {"telephone1": "1"}), ("", {"telephone1": "1"})],
)
def test_overwrite_writes_where_the_value_differs(present: Any, changes: dict[str, object]) -> None:
    mapping = compiled(PHONE, row("phone", "telephone1", OVERWRITE))
    assert mapping.changes(mapping.map({"phone": "1"}), {"telephone1": present}) == changes


@pytest.mark.parametrize("present", [None, "", "2"])
def test_create_only_is_for_new_records_alone(present: Any) -> None:
    mapping = compiled(PHONE, row("phone", "telephone1", CREATE_ONLY))
    mapped = mapping.map({"phone": "1"})
    assert mapping.creation(mapped) == {"telephone1": "1"}
    assert mapping.changes(mapped, {"telephone1": present}) == {}


@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_an_empty_vendor_value_never_blanks_a_value_in_dynamics(blank: Any) -> None:
    mapping = compiled(PHONE, row("phone", "telephone1", OVERWRITE))
    assert mapping.changes(mapping.map({"phone": blank}), {"telephone1": "1"}) == {}


def test_a_value_that_does_not_fit_is_left_out_and_named() -> None:
    mapping = compiled(
        catalog(column("mobilephone", max_length=5), column("fax")),
        row("mobilePhone", "mobilephone"),
        row("fax", "fax"),
    )
    mapped = mapping.map({"mobilePhone": "123456", "fax": "7"})
    assert mapped.fill == {"fax": "7"}
    assert [(each.column, each.code) for each in mapped.left_out] == [("mobilephone", "tooLong")]
    assert mapped.rejected is None


def test_a_later_row_steps_in_for_a_value_that_does_not_fit() -> None:
    mapping = compiled(
        catalog(column("mobilephone", max_length=5)),
        row("mobilePhone", "mobilephone", OVERWRITE),
        row("phone", "mobilephone", FILL),
    )
    mapped = mapping.map({"mobilePhone": "123456", "phone": "12345"})
    assert mapped.fill == {"mobilephone": "12345"}
    assert mapped.overwrite == {}
    assert [each.code for each in mapped.left_out] == ["tooLong"]


def test_a_row_may_fail_its_record_for_a_value_that_does_not_fit() -> None:
    mapping = compiled(
        catalog(column("mobilephone", max_length=5), column("fax", max_length=5)),
        row("mobilePhone", "mobilephone", fails=True),
        row("phone", "mobilephone"),
        row("fax", "fax", fails=True),
    )
    mapped = mapping.map({"mobilePhone": "123456", "phone": "1", "fax": "1234567"})
    assert mapped.rejected is not None
    assert mapped.rejected.column == "mobilephone"
    assert len(mapped.left_out) == 2


def test_a_row_that_fails_records_takes_no_offence_at_an_empty_value() -> None:
    mapping = compiled(
        catalog(column("mobilephone", max_length=5)), row("mobilePhone", "mobilephone", fails=True)
    )
    assert mapping.map({"mobilePhone": " "}).rejected is None


def test_columns_that_do_not_exist_any_more_are_left_out_and_named() -> None:
    mapping = compiled(
        catalog(
            column("fax"),
            column("ownerid", ColumnType.OWNER),
            column("locked", creatable=False, updatable=False),
        ),
        row("phone", "telephone1"),
        row("mobilePhone", "telephone1"),
        row("fax", "fax"),
        row("firstName", "ownerid"),
        row("lastName", "locked"),
    )
    assert mapping.missing == ("telephone1", "ownerid", "locked")
    assert mapping.map({"phone": "1", "fax": "2", "firstName": "Ada", "lastName": "N"}).for_create() == {
        "fax": "2"
    }


def test_a_vendor_field_that_does_not_exist_any_more_has_no_value() -> None:
    mapping = compiled(PHONE, row("gone", "telephone1"), row("phone", "telephone1"))
    assert mapping.map({"phone": "1"}).fill == {"telephone1": "1"}


def test_a_field_in_thousands_arrives_in_whole_units() -> None:
    companies = vendor_fields(ObjectType.ACCOUNT)
    mapping = compiled(
        catalog(column("revenue", ColumnType.MONEY)), row("revenue", "revenue"), fields=companies
    )
    assert mapping.map({"revenue": 400_000}).fill == {"revenue": 400_000_000.0}


def test_a_constant_is_the_same_for_every_record() -> None:
    mapping = compiled(catalog(choice("leadsourcecode", "Web", "Other")), constant("other", "leadsourcecode"))
    assert mapping.map({}).fill == mapping.map({"id": 1}).fill == {"leadsourcecode": 2}


@pytest.mark.parametrize(
    ("fields", "topic"),
    [
        ({"firstName": "Ada", "lastName": "Ngata", "companyName": "Contoso"}, "Ada Ngata - Contoso"),
        ({"firstName": " Ada ", "lastName": "Ngata"}, "Ada Ngata"),
        ({"lastName": "Ngata", "companyName": "Contoso"}, "Ngata - Contoso"),
        ({"companyName": "Contoso"}, "Contoso"),
        ({"companyName": "{firstName}", "firstName": "A"}, "A - {firstName}"),
        ({"companyName": r"\1 \g<0>"}, r"\1 \g<0>"),
        ({"companyName": 7}, "7"),
    ],
)
def test_a_template_joins_what_there_is(fields: dict[str, object], topic: str) -> None:
    mapping = compiled(texts("subject"), template("{firstName} {lastName} - {companyName}", "subject"))
    assert mapping.map(fields).fill == {"subject": topic}


@pytest.mark.parametrize("fields", [{}, {"firstName": " "}, {"firstName": "-", "lastName": " / "}])
def test_a_template_of_nothing_falls_through(fields: dict[str, object]) -> None:
    mapping = compiled(
        texts("subject"),
        template("{firstName} {lastName} - {companyName}", "subject"),
        constant("No topic", "subject"),
    )
    assert mapping.map(fields).fill == {"subject": "No topic"}


def test_a_template_tells_its_fields() -> None:
    assert TemplateSource("Lead: {firstName} {x} {firstName} {}").fields == ("firstName", "x", "firstName")


@pytest.mark.parametrize("option", [OVERWRITE, FILL])
def test_what_may_not_be_set_on_creation_or_on_update_is_not_sent_then(option: UpdateOption) -> None:
    mapping = compiled(
        catalog(column("once", updatable=False), column("later", creatable=False)),
        row("firstName", "once", option),
        row("lastName", "later", option),
    )
    mapped = mapping.map({"firstName": "Ada", "lastName": "Ngata"})
    assert mapping.creation(mapped) == {"once": "Ada"}
    assert mapping.changes(mapped, {}) == {"later": "Ngata"}
    assert mapping.compared == ["later"]


def test_a_required_column_without_a_value_is_named() -> None:
    mapping = compiled(
        catalog(column("lastname", required_level=REQUIRED), column("fax")),
        row("lastName", "lastname"),
        row("fax", "fax"),
    )
    lacking = mapping.missing_required(mapping.creation(mapping.map({"fax": "1"})))
    assert lacking is not None
    assert lacking.name == "lastname"
    assert mapping.missing_required(mapping.creation(mapping.map({"lastName": "N"}))) is None


def test_a_required_column_that_no_mapping_can_fill_is_not_asked_for() -> None:
    mapping = compiled(
        catalog(column("customerid", ColumnType.CUSTOMER, required_level=REQUIRED), column("fax"))
    )
    assert mapping.missing_required({}) is None


DECIMAL = column("x", ColumnType.DECIMAL, precision=2)
MOMENT = column("x", ColumnType.DATE_TIME, behavior="UserLocal")
DAY = column("x", ColumnType.DATE_TIME, behavior="DateOnly")
CHOICES = choice("x", "A", "B", kind=ColumnType.MULTI_SELECT)


@pytest.mark.parametrize(
    ("target", "present", "value"),
    [
        (column("x"), "a", "a"),
        (column("x", ColumnType.INTEGER), 5, 5),
        (DECIMAL, 5, 5.0),
        (DECIMAL, 1.23, 1.23),
        (DECIMAL, 1.2300000000000002, 1.23),
        (DECIMAL, "1.23", 1.23),
        (column("x", ColumnType.BOOLEAN), False, False),
        (MOMENT, "2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
        (MOMENT, "2026-01-31T10:00:00", "2026-01-31T10:00:00Z"),
        (DAY, "2026-01-31", "2026-01-31"),
        (CHOICES, "1,2", "1,2"),
        (CHOICES, "2,1", "1,2"),
    ],
)
def test_what_dynamics_holds_already_is_the_same(target: Any, present: Any, value: Any) -> None:
    assert same_value(target, present, value)


@pytest.mark.parametrize(
    ("target", "present", "value"),
    [
        (column("x"), None, "a"),
        (column("x"), "A", "a"),
        (column("x"), "", "a"),
        (column("x", ColumnType.INTEGER), 5, 6),
        (column("x", ColumnType.INTEGER), None, 0),
        (DECIMAL, 1.23, 1.24),
        (DECIMAL, "none", 1.23),
        (column("x", ColumnType.BOOLEAN), None, False),
        (column("x", ColumnType.BOOLEAN), True, False),
        (MOMENT, "2026-01-31T10:00:01Z", "2026-01-31T10:00:00Z"),
        (DAY, "2026-02-01", "2026-01-31"),
        (CHOICES, "1", "1,2"),
        (CHOICES, "", "1"),
    ],
)
def test_anything_else_differs(target: Any, present: Any, value: Any) -> None:
    assert not same_value(target, present, value)


@pytest.mark.parametrize(
    ("target", "given", "same", "other"),
    [
        (column("x", ColumnType.INTEGER), "7", 7, 8),
        (column("x", ColumnType.MONEY, precision=2), "7.5", 7.5000001, 7.6),
        (column("x", ColumnType.BOOLEAN), "yes", True, False),
        (column("x", ColumnType.DATE_TIME), "2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z", "2026-01-31"),
        (choice("x", "a", "b", kind=ColumnType.MULTI_SELECT), ["a", "b"], "2,1", "1"),
    ],
    ids=["integer", "money", "boolean", "moment", "choices"],
)
def test_a_present_value_is_overwritten_where_it_is_another_one(
    target: Column, given: Any, same: Any, other: Any
) -> None:
    mapping = compiled(catalog(target), row("industry", "x", OVERWRITE))
    mapped = mapping.map({"industry": given})
    ours = mapping.creation(mapped)
    assert mapping.changes(mapped, {"x": same}) == {}
    assert mapping.changes(mapped, {"x": other}) == mapping.changes(mapped, {"x": None}) == ours != {}


def test_of_two_records_the_later_overwrites_and_the_earlier_has_filled() -> None:
    earlier = Mapped(overwrite={"a": 1, "b": 1}, fill={"c": 1}, create_only={"e": 1})
    later = Mapped(overwrite={"a": 2}, fill={"c": 2, "d": 2}, create_only={"f": 2})
    both = earlier.followed_by(later)
    assert both.for_create() == {"a": 2, "b": 1, "c": 1, "d": 2, "e": 1}


def test_what_either_of_two_records_could_not_give_is_told() -> None:
    mapping = compiled(PHONE, row("directPhone", "telephone1", OVERWRITE))
    too_long = mapping.map({"directPhone": "1" * 500})
    assert too_long.left_out
    for both in too_long.followed_by(mapping.map({})), mapping.map({}).followed_by(too_long):
        assert both.left_out == too_long.left_out


def test_what_the_first_record_set_at_creation_is_not_missing_for_the_second() -> None:
    both = Mapped(create_only={"a": "first"}).followed_by(Mapped(fill={"a": "second"}))
    assert both.for_create() == {"a": "first"}


def test_what_the_first_record_set_at_creation_is_overwritten_by_the_second() -> None:
    both = Mapped(create_only={"a": "first"}).followed_by(Mapped(overwrite={"a": "second"}))
    assert both.for_create() == {"a": "second"}
