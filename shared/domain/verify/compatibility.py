"""Which columns a vendor field may feed."""

from collections.abc import Mapping

from shared.domain.fields import LOOKUP_TYPES, STATE_TYPES, Column, ColumnType, VendorField, VendorType
from shared.domain.mapping import MappingRow, TemplateSource, VendorSource
from shared.domain.verify.problems import COLUMN_WORDS, VENDOR_WORDS

TEXT_TYPES = frozenset({ColumnType.STRING, ColumnType.MEMO})
CHOICE_TYPES = frozenset({ColumnType.PICKLIST, ColumnType.MULTI_SELECT}) | STATE_TYPES
_NUMBERS = frozenset(
    {ColumnType.INTEGER, ColumnType.BIG_INT, ColumnType.DECIMAL, ColumnType.DOUBLE, ColumnType.MONEY},
)

COMPATIBLE: dict[VendorType, frozenset[ColumnType]] = {
    VendorType.TEXT: TEXT_TYPES | CHOICE_TYPES | LOOKUP_TYPES,
    VendorType.EMAIL: TEXT_TYPES | LOOKUP_TYPES,
    VendorType.PHONE: TEXT_TYPES,
    VendorType.URL: TEXT_TYPES | LOOKUP_TYPES,
    VendorType.INTEGER: TEXT_TYPES | _NUMBERS | LOOKUP_TYPES | {ColumnType.PICKLIST},
    VendorType.DECIMAL: TEXT_TYPES | (_NUMBERS - {ColumnType.INTEGER, ColumnType.BIG_INT}),
    VendorType.BOOLEAN: TEXT_TYPES | {ColumnType.BOOLEAN},
    VendorType.DATE: TEXT_TYPES | {ColumnType.DATE_TIME},
    VendorType.DATETIME: TEXT_TYPES | {ColumnType.DATE_TIME},
    VendorType.LIST: TEXT_TYPES | CHOICE_TYPES | LOOKUP_TYPES,
}
"""The column types that a vendor field may feed."""


def mismatch(row: MappingRow, column: Column, vendor_fields: Mapping[str, VendorField]) -> str | None:
    """Why the row's source cannot feed the column; None when it can, or is no field."""
    takes = f"“{column.label}” takes {COLUMN_WORDS.get(column.type, column.type)}"
    match row.source:
        case VendorSource(name) if name in vendor_fields:
            field = vendor_fields[name]
            if column.type not in COMPATIBLE[field.type]:
                return (
                    f"{field.label} is {VENDOR_WORDS[field.type]}; {takes}. Pick a field of a fitting type."
                )
        case TemplateSource() if column.type not in TEXT_TYPES:
            return f"a template is text; {takes}. Pick a field of a fitting type."
    return None
