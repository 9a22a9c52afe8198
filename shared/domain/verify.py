"""Verification of a mapping: every problem at once, each naming its row and what needs to be adjusted."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shared.domain.convert import ValueRejected, converter
from shared.domain.errors import Problem
from shared.domain.fields import Column, ColumnType, VendorField, VendorType
from shared.domain.mapping import ConstantSource, MappingRow, TemplateSource, VendorSource

MOST_ROWS = 200

_TEXT = frozenset({ColumnType.STRING, ColumnType.MEMO})
_CHOICE = frozenset({ColumnType.PICKLIST, ColumnType.MULTI_SELECT})
_NUMBERS = frozenset(
    {ColumnType.INTEGER, ColumnType.BIG_INT, ColumnType.DECIMAL, ColumnType.DOUBLE, ColumnType.MONEY},
)

COMPATIBLE: dict[VendorType, frozenset[ColumnType]] = {
    VendorType.TEXT: _TEXT | _CHOICE,
    VendorType.EMAIL: _TEXT,
    VendorType.PHONE: _TEXT,
    VendorType.URL: _TEXT,
    VendorType.INTEGER: _TEXT | _NUMBERS | {ColumnType.PICKLIST},
    VendorType.DECIMAL: _TEXT | (_NUMBERS - {ColumnType.INTEGER, ColumnType.BIG_INT}),
    VendorType.BOOLEAN: _TEXT | {ColumnType.BOOLEAN},
    VendorType.DATE: _TEXT | {ColumnType.DATE_TIME},
    VendorType.DATETIME: _TEXT | {ColumnType.DATE_TIME},
    VendorType.LIST: _TEXT | _CHOICE,
}
"""The column types that a vendor field may feed."""


def verify(
    rows: Sequence[MappingRow],
    vendor_fields: Mapping[str, VendorField],
    columns: Mapping[str, Column],
) -> list[Problem]:
    """Everything that has to be adjusted before the mapping can be saved; empty when nothing."""
    if len(rows) > MOST_ROWS:
        return [Problem("tooManyRows", f"A mapping holds {MOST_ROWS} rows; this one has {len(rows)}.")]
    problems = [
        problem
        for number, row in enumerate(rows, start=1)
        for problem in _row_problems(number, row, vendor_fields, columns)
    ]
    return problems + _duplicates(rows) + _shadowed_rows(rows, columns) + _unmapped_required(rows, columns)


def _row_problems(
    number: int,
    row: MappingRow,
    vendor_fields: Mapping[str, VendorField],
    columns: Mapping[str, Column],
) -> list[Problem]:
    column = columns.get(row.column)
    found = [
        *_source_problems(number, row, vendor_fields),
        *_column_problems(number, row, column),
    ]
    if found or column is None:
        return found
    return _compatibility(number, row, column, vendor_fields)


def _source_problems(
    number: int,
    row: MappingRow,
    vendor_fields: Mapping[str, VendorField],
) -> list[Problem]:
    match row.source:
        case VendorSource(name) if not name.strip():
            return [_at(number, row, "vendorFieldMissing", "choose a vendor field.")]
        case VendorSource(name) if name not in vendor_fields:
            return [_at(number, row, "vendorFieldUnknown", f"there is no vendor field “{name}”.")]
        case ConstantSource(value) if isinstance(value, str) and not value.strip():
            return [_at(number, row, "constantMissing", "enter the value that every record gets.")]
        case TemplateSource() as source:
            unknown = [name for name in source.fields if name not in vendor_fields]
            if not source.fields:
                return [_at(number, row, "templateEmpty", "put at least one vendor field in { } braces.")]
            return [
                _at(number, row, "vendorFieldUnknown", f"the template's “{name}” is no vendor field.")
                for name in unknown
            ]
    return []


def _column_problems(number: int, row: MappingRow, column: Column | None) -> list[Problem]:
    if not row.column.strip():
        return [_at(number, row, "columnMissing", "choose a Dynamics field.")]
    if column is None:
        return [
            _at(
                number,
                row,
                "columnUnknown",
                f"“{row.column}” is not in your Dynamics organization. Pick another field or remove the row.",
            ),
        ]
    if not column.creatable and not column.updatable:
        return [_at(number, row, "columnNotWritable", f"“{column.label}” cannot be written.")]
    if not column.mappable:
        return [
            _at(
                number,
                row,
                "columnNotMappable",
                f"“{column.label}” is of type {column.type}, which a mapping cannot fill.",
            ),
        ]
    return []


def _compatibility(
    number: int,
    row: MappingRow,
    column: Column,
    vendor_fields: Mapping[str, VendorField],
) -> list[Problem]:
    match row.source:
        case VendorSource(name):
            field = vendor_fields[name]
            if column.type not in COMPATIBLE[field.type]:
                return [
                    _at(
                        number,
                        row,
                        "typeMismatch",
                        f"{field.label} is {field.type}; “{column.label}” takes {column.type}. "
                        "Pick a field of a fitting type.",
                    ),
                ]
        case TemplateSource() if column.type not in _TEXT:
            return [
                _at(number, row, "typeMismatch", f"a template is text; “{column.label}” is {column.type}.")
            ]
        case ConstantSource(value):
            try:
                converted = converter(column)(value)
            except ValueRejected as error:
                return [_at(number, row, "constantInvalid", error.message)]
            if converted is None:
                return [_at(number, row, "constantMissing", "enter the value that every record gets.")]
    return []


def _duplicates(rows: Sequence[MappingRow]) -> list[Problem]:
    seen: Counter[tuple[object, str]] = Counter()
    problems = []
    for number, row in enumerate(rows, start=1):
        seen[row.source, row.column] += 1
        if row.column and seen[row.source, row.column] > 1:
            problems.append(
                _at(number, row, "rowDuplicate", "another row sends the same to this field. Remove one."),
            )
    return problems


def _shadowed_rows(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> list[Problem]:
    last = {row.column: number for number, row in enumerate(rows, start=1)}
    return [
        _at(
            number,
            row,
            "rowNeverUsed",
            f"the rows of “{columns[row.column].label if row.column in columns else row.column}” "
            "below this fixed value are never used. Move it to the end.",
        )
        for number, row in enumerate(rows, start=1)
        if isinstance(row.source, ConstantSource) and number < last[row.column]
    ]


def _unmapped_required(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> list[Problem]:
    mapped = {row.column for row in rows}
    return [
        Problem(
            "requiredUnmapped",
            f"Dynamics requires “{column.label}” ({column.name}). "
            "Map it, or give it a fixed value or a template.",
            column=column.name,
        )
        for column in columns.values()
        if column.required and column.name not in mapped
    ]


def _at(number: int, row: MappingRow, code: str, sentence: str) -> Problem:
    field = row.source.field if isinstance(row.source, VendorSource) else None
    return Problem(
        code,
        f"Row {number}: {sentence}",
        path=f"/rows/{number - 1}",
        row=number,
        vendor_field=field,
        column=row.column or None,
    )
