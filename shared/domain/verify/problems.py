"""How a problem of a mapping names its row, and the words for types."""

from shared.domain.errors import Problem
from shared.domain.fields import Column, ColumnType, VendorType
from shared.domain.mapping import MappingRow, VendorSource

VENDOR_WORDS = {
    VendorType.TEXT: "text",
    VendorType.EMAIL: "an e-mail address",
    VendorType.PHONE: "a phone number",
    VendorType.URL: "a web address",
    VendorType.INTEGER: "a whole number",
    VendorType.DECIMAL: "a number",
    VendorType.BOOLEAN: "yes or no",
    VendorType.DATE: "a date",
    VendorType.DATETIME: "a date and time",
    VendorType.LIST: "a list",
}

COLUMN_WORDS = {
    ColumnType.STRING: "text",
    ColumnType.MEMO: "text",
    ColumnType.INTEGER: "whole numbers",
    ColumnType.BIG_INT: "whole numbers",
    ColumnType.DECIMAL: "numbers",
    ColumnType.DOUBLE: "numbers",
    ColumnType.MONEY: "amounts of money",
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.DATE_TIME: "dates",
    ColumnType.PICKLIST: "a choice",
    ColumnType.MULTI_SELECT: "choices",
    ColumnType.STATE: "a state",
    ColumnType.STATUS: "a status reason",
    ColumnType.LOOKUP: "a record of another table",
    ColumnType.CUSTOMER: "an account or contact",
    ColumnType.OWNER: "a user or team",
}


def at(number: int, row: MappingRow, code: str, sentence: str) -> Problem:
    """The problem of a row; rows count from 1."""
    field = row.source.field if isinstance(row.source, VendorSource) else None
    return Problem(
        code,
        f"Row {number}: {sentence}",
        path=f"/rows/{number - 1}",
        row=number,
        vendor_field=field,
        column=row.column or None,
    )


def requirement(column: Column) -> str:
    """The sentence about a required column that no row feeds."""
    return (
        f"Dynamics requires “{column.label}” ({column.name}). Map it, or give it a fixed value or a template."
    )
