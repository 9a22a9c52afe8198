import pytest

from shared.domain.convert import as_text, converter
from shared.domain.fields import ColumnType, VendorField, VendorType
from shared.domain.ids import ObjectType
from shared.domain.vendor_catalog import vendor_fields
from tests.builders import column

EVERY_FIELD = [
    pytest.param(field, id=f"{object_type}.{field.name}")
    for object_type in ObjectType
    for field in vendor_fields(object_type).values()
]

# Into which column the example of a field has to go to prove that it is of its type.
_PROOF = {
    VendorType.INTEGER: column("integer", ColumnType.BIG_INT),
    VendorType.DECIMAL: column("decimal", ColumnType.MONEY, precision=2),
    VendorType.BOOLEAN: column("boolean", ColumnType.BOOLEAN),
    VendorType.DATE: column("date", ColumnType.DATE_TIME, behavior="DateOnly"),
    VendorType.DATETIME: column("datetime", ColumnType.DATE_TIME),
}


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_an_example_is_of_its_fields_type(field: VendorField) -> None:
    proof = _PROOF.get(field.type, column("text", max_length=500))
    assert converter(proof, field.factor)(field.example) is not None


@pytest.mark.parametrize("field", EVERY_FIELD)
def test_an_example_looks_like_its_type(field: VendorField) -> None:
    looks = {
        VendorType.EMAIL: "@" in field.example,
        VendorType.URL: field.example.startswith("https://"),
        VendorType.PHONE: field.example.startswith("("),
        VendorType.DATETIME: field.example.endswith("Z"),
    }
    assert looks.get(field.type, True)
    assert field.example == as_text(field.example).strip()


@pytest.mark.parametrize("object_type", ObjectType)
def test_names_and_labels_tell_the_fields_apart(object_type: ObjectType) -> None:
    fields = vendor_fields(object_type)
    assert len({field.label.casefold() for field in fields.values()}) == len(fields)
    assert len({name.casefold() for name in fields}) == len(fields)
    assert all(name == field.name for name, field in fields.items())


@pytest.mark.parametrize("object_type", ObjectType)
def test_the_id_comes_first(object_type: ObjectType) -> None:
    assert next(iter(vendor_fields(object_type))) == "id"


def test_revenue_of_companies_is_in_thousands_and_that_of_people_in_units() -> None:
    assert vendor_fields(ObjectType.ACCOUNT)["revenue"].factor == 1000
    assert vendor_fields(ObjectType.ACCOUNT)["employeeCount"].factor == 1
    assert vendor_fields(ObjectType.LEAD)["companyRevenueNumeric"].factor == 1
