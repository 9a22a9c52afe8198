from typing import Any

import pytest

from shared.domain.compiled import compile_mapping
from shared.domain.default_mapping import default_rows, left_out_rows
from shared.domain.fields import ColumnType
from shared.domain.ids import ObjectType
from shared.domain.mapping import ConstantSource, TemplateSource, UpdateOption, VendorSource
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify
from tests.builders import choice, column, standard

LEAD, ACCOUNT = ObjectType.LEAD, ObjectType.ACCOUNT


@pytest.mark.parametrize("object_type", ObjectType)
def test_the_default_mapping_verifies_against_a_standard_organization(object_type: ObjectType) -> None:
    columns = standard(object_type)
    assert verify(default_rows(object_type, columns), vendor_fields(object_type), columns) == []


@pytest.mark.parametrize("object_type", ObjectType)
def test_every_field_of_the_default_mapping_exists(object_type: ObjectType) -> None:
    names = [
        name
        for row in default_rows(object_type, standard(object_type))
        for name in (
            [row.source.field]
            if isinstance(row.source, VendorSource)
            else row.source.fields
            if isinstance(row.source, TemplateSource)
            else []
        )
    ]
    assert names
    assert set(names) <= set(vendor_fields(object_type))


@pytest.mark.parametrize("object_type", ObjectType)
def test_by_default_nothing_that_a_person_wrote_is_overwritten(object_type: ObjectType) -> None:
    rows = default_rows(object_type, standard(object_type))
    assert {row.update_option for row in rows} == {UpdateOption.FILL_IF_MISSING}


def test_the_business_phone_is_the_direct_one_else_the_companys() -> None:
    rows = default_rows(LEAD, standard(LEAD))
    phones = [row.source for row in rows if row.column == "telephone1"]
    assert phones == [VendorSource("directPhone"), VendorSource("phone"), VendorSource("companyPhone")]


def test_a_lead_gets_a_topic_of_its_name_and_company() -> None:
    columns = standard(LEAD)
    mapping = compile_mapping(default_rows(LEAD, columns), columns, vendor_fields(LEAD))
    values = mapping.map({"firstName": "Ada", "lastName": "Ngata", "companyName": "Contoso"}).for_create()
    assert values["subject"] == "Ada Ngata - Contoso"
    assert mapping.missing_required(values) is None


def test_the_examples_of_the_catalog_fill_every_default_column() -> None:
    for object_type in ObjectType:
        columns = standard(object_type)
        rows = default_rows(object_type, columns)
        mapping = compile_mapping(rows, columns, vendor_fields(object_type))
        example = {name: field.example for name, field in vendor_fields(object_type).items()}
        mapped = mapping.map(example)
        assert mapped.left_out == []
        assert set(mapped.for_create()) == {row.column for row in rows}


def test_the_lead_source_is_the_organizations_own_number_for_other() -> None:
    columns = standard(LEAD, choice("leadsourcecode", "Web", "Other"), without=["leadsourcecode"])
    assert default_rows(LEAD, columns)[-1].source == ConstantSource(2)


@pytest.mark.parametrize(
    "columns",
    [
        standard(LEAD, without=["leadsourcecode"]),
        standard(LEAD, choice("leadsourcecode", "Internet"), without=["leadsourcecode"]),
        standard(LEAD, column("leadsourcecode", ColumnType.OTHER), without=["leadsourcecode"]),
    ],
    ids=["no such column", "no such choice", "no choice column"],
)
def test_without_such_a_choice_there_is_no_lead_source(columns: Any) -> None:
    rows = default_rows(LEAD, columns)
    assert "leadsourcecode" not in {row.column for row in rows}


def test_rows_whose_column_is_not_there_or_cannot_be_written_are_left_out() -> None:
    locked = column("fax", creatable=False, updatable=False)
    columns = standard(ACCOUNT, locked, without=["tickersymbol", "fax"])
    rows = default_rows(ACCOUNT, columns)
    assert {"tickersymbol", "fax"} & {row.column for row in rows} == set()
    notes = left_out_rows(ACCOUNT, columns)
    assert [(note.code, note.column) for note in notes] == [
        ("defaultRowLeftOut", "fax"),
        ("defaultRowLeftOut", "tickersymbol"),
    ]
    assert left_out_rows(ACCOUNT, standard(ACCOUNT)) == []
    assert verify(rows, vendor_fields(ACCOUNT), columns) == []


PERSONS = {"street": "12 Harbor Way", "city": "Seattle"}
COMPANYS = {
    "companyStreet": "1 Contoso Plaza",
    "companyCity": "Redmond",
    "companyZipCode": "98052",
    "companyCountry": "United States",
}


def _address(fields: dict[str, Any], present: dict[str, Any] | None = None) -> dict[str, Any]:
    columns = standard(LEAD)
    mapping = compile_mapping(default_rows(LEAD, columns), columns, vendor_fields(LEAD))
    mapped = mapping.map(fields)
    values = mapping.creation(mapped) if present is None else mapping.changes(mapped, present)
    return {name.removeprefix("address1_"): value for name, value in values.items() if "address1" in name}


def test_half_an_address_is_never_completed_from_the_company() -> None:
    assert _address(PERSONS | COMPANYS) == {"line1": "12 Harbor Way", "city": "Seattle"}
    assert _address(COMPANYS | {"country": "Canada"}) == {"country": "Canada"}


def test_a_person_without_any_address_gets_the_companys() -> None:
    assert _address(COMPANYS | {"street": " ", "city": None}) == {
        "line1": "1 Contoso Plaza",
        "city": "Redmond",
        "postalcode": "98052",
        "country": "United States",
    }


def test_half_an_address_in_dynamics_is_not_completed_from_another_one() -> None:
    assert _address(PERSONS, {"address1_city": "Portland"}) == {}
    assert _address(PERSONS, {"address1_postalcode": "97035"}) == {}
    assert _address(PERSONS, {"address1_city": "Seattle"}) == {"line1": "12 Harbor Way"}
    assert _address(PERSONS, {"address1_city": " "}) == {"line1": "12 Harbor Way", "city": "Seattle"}
