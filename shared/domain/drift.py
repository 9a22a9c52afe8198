"""What changed in an organization since a mapping was saved: told before the next export, row by row."""

from collections.abc import Iterator, Mapping, Sequence

from shared.domain.compiled.lookups import Targets
from shared.domain.convert.choices import find_choice, listed
from shared.domain.errors import Problem
from shared.domain.fields import Column, ColumnType, VendorField
from shared.domain.mapping import ConstantSource, MappingRow
from shared.domain.verify.compatibility import CHOICE_TYPES, mismatch
from shared.domain.verify.lookups import lookup_problems
from shared.domain.verify.problems import at, requirement


def drift(
    rows: Sequence[MappingRow],
    columns: Mapping[str, Column],
    vendor_fields: Mapping[str, VendorField],
    targets: Targets | None = None,
) -> list[Problem]:
    """What does not fit any more: each names a row, which is paused, or a column that became required.

    `targets` are the tables that lookups point at; None: what they have is not looked at.
    """
    paused = [
        problem
        for number, row in enumerate(rows, start=1)
        if (problem := _fault(number, row, columns.get(row.column), vendor_fields)) is not None
    ]
    lost = [
        problem
        for number, row in enumerate(rows, start=1)
        if targets is not None and row.column in columns and columns[row.column].mappable
        for problem in lookup_problems(number, row, columns[row.column], targets)
    ]
    sound = {row.column for row in sound_rows(rows, columns, vendor_fields)}
    return [*paused, *lost] + [
        Problem("columnNowRequired", requirement(column), column=column.name)
        for column in columns.values()
        if column.required and column.name not in sound
    ]


def sound_rows(
    rows: Sequence[MappingRow], columns: Mapping[str, Column], vendor_fields: Mapping[str, VendorField]
) -> list[MappingRow]:
    """The rows that still fit the organization: the others are paused until somebody adjusts them."""
    return [row for row in rows if _fault(0, row, columns.get(row.column), vendor_fields) is None]


def _named_choices(row: MappingRow, column: Column) -> Iterator[str | int]:
    """The choices that a row names: in its value map, for other words, as its fixed value."""
    yield from (to for _, to in row.options.choices)
    if row.options.other_choice is not None:
        yield row.options.other_choice
    if column.type is not ColumnType.MULTI_SELECT and isinstance(row.source, ConstantSource):
        yield row.source.value if isinstance(row.source.value, int) else str(row.source.value)


def _fault(
    number: int, row: MappingRow, column: Column | None, vendor_fields: Mapping[str, VendorField]
) -> Problem | None:
    if column is None:
        sentence = f"“{row.column}” is no longer in your organization. Pick another field or remove the row."
        return at(number, row, "columnGone", sentence)
    if not column.mappable:
        sentence = f"“{column.label}” can no longer be written. Pick another field or remove the row."
        return at(number, row, "columnNotWritable", sentence)
    sentence_of_type = mismatch(row, column, vendor_fields)
    if sentence_of_type is not None:
        return at(number, row, "columnTypeChanged", sentence_of_type)
    if column.type in CHOICE_TYPES:
        return _lost_choice(number, row, column)
    return None


def _lost_choice(number: int, row: MappingRow, column: Column) -> Problem | None:
    find = find_choice(column)
    lost = [f"“{choice}”" for choice in _named_choices(row, column) if find(choice) is None]
    if not lost:
        return None
    sentence = f"“{column.label}” no longer has {', '.join(lost)}. It has: {listed(column)}. Adjust the row."
    return at(number, row, "choiceGone", sentence)
