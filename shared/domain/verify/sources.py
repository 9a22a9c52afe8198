"""Verification of where a row takes its value from, and of the column that it feeds."""

from collections.abc import Mapping

from shared.domain.convert import ValueRejected, converter
from shared.domain.errors import Problem
from shared.domain.fields import Column, ColumnType, VendorField
from shared.domain.mapping import ConstantSource, MappingRow, TemplateSource, VendorSource
from shared.domain.verify.problems import at

_NOT_MAPPABLE = {
    ColumnType.IMAGE: "is an image",
    ColumnType.FILE: "is a file",
    ColumnType.UNIQUE_IDENTIFIER: "is a key that Dynamics gives itself",
    ColumnType.LOOKUP: "is a lookup to a table that cannot be reached",
    ColumnType.CUSTOMER: "is a lookup to a table that cannot be reached",
    ColumnType.OWNER: "is a lookup to a table that cannot be reached",
}


def source_problems(number: int, row: MappingRow, vendor_fields: Mapping[str, VendorField]) -> list[Problem]:
    """What is wrong with the vendor field, fixed value or template."""
    match row.source:
        case VendorSource(name) if not name.strip():
            return [at(number, row, "vendorFieldMissing", "choose a vendor field.")]
        case VendorSource(name) if name not in vendor_fields:
            return [at(number, row, "vendorFieldUnknown", f"there is no vendor field “{name}”.")]
        case ConstantSource(value) if isinstance(value, str) and not value.strip():
            return [at(number, row, "constantMissing", "enter the value that every record gets.")]
        case TemplateSource() as source:
            unknown = [name for name in source.fields if name not in vendor_fields]
            if not source.fields:
                return [at(number, row, "templateEmpty", "put at least one vendor field in { } braces.")]
            return [
                at(number, row, "vendorFieldUnknown", f"the template's “{name}” is no vendor field.")
                for name in unknown
            ]
    return []


def column_problems(number: int, row: MappingRow, column: Column | None) -> list[Problem]:
    """What is wrong with the column."""
    if not row.column.strip():
        return [at(number, row, "columnMissing", "choose a Dynamics field.")]
    if column is None:
        sentence = (
            f"“{row.column}” is not in your Dynamics organization. Pick another field or remove the row."
        )
        return [at(number, row, "columnUnknown", sentence)]
    if not column.creatable and not column.updatable:
        sentence = f"“{column.label}” can be set neither on create nor on update. Pick another field."
        return [at(number, row, "columnNotWritable", sentence)]
    if not column.mappable:
        what = _NOT_MAPPABLE.get(column.type, f"is of type {column.type}")
        sentence = f"“{column.label}” {what}; a mapping cannot fill it. Pick another field or remove the row."
        return [at(number, row, "columnNotMappable", sentence)]
    return []


def constant_problems(number: int, row: MappingRow, column: Column) -> list[Problem]:
    """Whether the column can hold the fixed value. A lookup's is looked up when records are exported."""
    if not isinstance(row.source, ConstantSource) or column.is_lookup:
        return []
    try:
        converted = converter(column, 1, row.options)(row.source.value)
    except ValueRejected as error:
        return [at(number, row, "constantInvalid", error.message)]
    if converted is None:
        return [at(number, row, "constantMissing", "enter the value that every record gets.")]
    return []
