"""What an administrator should know about a mapping that can be saved all the same."""

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.errors import Problem
from shared.domain.fields import Column, VendorField
from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    TemplateSource,
    TooLong,
    UpdateOption,
    VendorSource,
    rows_by_column,
)
from shared.domain.verify.compatibility import TEXT_TYPES
from shared.domain.verify.problems import at

_NOT_WHOLE = frozenset({"Email", "Url"})


def warnings(
    rows: Sequence[MappingRow], vendor_fields: Mapping[str, VendorField], columns: Mapping[str, Column]
) -> list[Problem]:
    """Nothing of this keeps a mapping from being saved."""
    known = [
        (number, row, columns[row.column]) for number, row in enumerate(rows, 1) if row.column in columns
    ]
    return [
        *(problem for numbered in known for problem in _of_row(*numbered, vendor_fields)),
        *_options_differ(rows, columns),
        *_often_empty(rows, vendor_fields, columns),
        *_nothing_overwritten(rows),
    ]


def _of_row(
    number: int, row: MappingRow, column: Column, vendor_fields: Mapping[str, VendorField]
) -> Iterator[Problem]:
    field = vendor_fields.get(row.source.field) if isinstance(row.source, VendorSource) else None
    if field is not None and row.options.too_long is TooLong.REFUSE and _may_be_longer(field, column):
        sentence = (
            f"“{column.label}” holds {column.max_length} characters; {field.label} may be longer. "
            "Choose to cut it, or it is left out then."
        )
        yield at(number, row, "sourceLonger", sentence)
    if row.options.too_long is TooLong.CUT and column.format in _NOT_WHOLE:
        sentence = f"“{column.label}” is an address; one that is cut leads nowhere. Choose to leave it out."
        yield at(number, row, "cutAddress", sentence)
    if row.options.protect_edits and row.update_option is not UpdateOption.OVERWRITE:
        sentence = (
            f"only rows that overwrite can change an edit; “{column.label}” is safe without protection."
        )
        yield at(number, row, "protectionNeedless", sentence)


def _may_be_longer(field: VendorField, column: Column) -> bool:
    limit = column.max_length
    return column.type in TEXT_TYPES and limit is not None and (field.longest or 0) > limit


def _options_differ(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> Iterator[Problem]:
    for name, group in rows_by_column(rows).items():
        if name in columns and len({row.update_option for row in group}) > 1:
            numbers = [number for number, row in enumerate(rows, start=1) if row.column == name]
            listed = f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
            sentence = (
                f"“{columns[name].label}” is mapped in rows {listed} with different update options. "
                "The option of the row that has the value counts; use one for all to be sure."
            )
            yield at(numbers[-1], group[-1], "groupOptionsDiffer", sentence)


def _often_empty(
    rows: Sequence[MappingRow], vendor_fields: Mapping[str, VendorField], columns: Mapping[str, Column]
) -> Iterator[Problem]:
    for name, group in rows_by_column(rows).items():
        if (
            name in columns
            and columns[name].required
            and all(_is_often_empty(row, vendor_fields) for row in group)
        ):
            sentence = (
                f"Dynamics requires “{columns[name].label}” ({name}), and the vendor often has no value "
                "for it. Add a row with a fixed value or a template below."
            )
            yield Problem("requiredOftenEmpty", sentence, column=name)


def _is_often_empty(row: MappingRow, vendor_fields: Mapping[str, VendorField]) -> bool:
    match row.source:
        case ConstantSource():
            return False
        case VendorSource(name):
            return name in vendor_fields and vendor_fields[name].often_empty
        case TemplateSource() as template:
            return all(name in vendor_fields and vendor_fields[name].often_empty for name in template.fields)


def _nothing_overwritten(rows: Sequence[MappingRow]) -> Iterator[Problem]:
    fed = [row for row in rows if not isinstance(row.source, ConstantSource)]
    if fed and all(row.update_option is UpdateOption.FILL_IF_MISSING for row in rows):
        yield Problem(
            "nothingOverwritten",
            "Every row only fills what is missing: what changes at the vendor never reaches a record that "
            "has a value already. Let the fields that the vendor knows best overwrite.",
        )
