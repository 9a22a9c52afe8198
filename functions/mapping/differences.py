"""What differs between two states of a mapping, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.domain.errors import Problem
from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    Source,
    TemplateSource,
    VendorSource,
    rows_by_column,
)
from shared.storage.mapping_rows import pack_rows

_Place = tuple[Source, type, str]


def differences(before: Sequence[MappingRow], after: Sequence[MappingRow]) -> list[Problem]:
    """Rows that were added, removed, changed, or that changed places within their column."""
    old, new = _by_place(before), _by_place(after)
    return [
        *(_said("rowAdded", number, row, "was added") for number, row in _missing(new, old)),
        *(_said("rowRemoved", None, row, "was removed") for _, row in _missing(old, new)),
        *_changed(old, new),
        *_moved(before, after),
    ]


def source_text(source: Source) -> str:
    """How people read where a row's value comes from."""
    match source:
        case VendorSource(field):
            return field or "(nothing)"
        case ConstantSource(value):
            return f"“{value}”"
        case TemplateSource(template):
            return f"“{template}”"


def _by_place(rows: Sequence[MappingRow]) -> dict[_Place, tuple[int, MappingRow]]:
    """Each row with its number. True and 1 are different constants."""
    return {_place(row): (number, row) for number, row in enumerate(rows, start=1)}


def _place(row: MappingRow) -> _Place:
    value = row.source.value if isinstance(row.source, ConstantSource) else None
    return row.source, type(value), row.column


def _missing(
    these: Mapping[_Place, tuple[int, MappingRow]], those: Mapping[_Place, tuple[int, MappingRow]]
) -> Iterator[tuple[int, MappingRow]]:
    return (found for place, found in these.items() if place not in those)


def _changed(
    old: Mapping[_Place, tuple[int, MappingRow]], new: Mapping[_Place, tuple[int, MappingRow]]
) -> Iterator[Problem]:
    for place, (number, row) in new.items():
        if place in old and old[place][1] != row:
            (was,), (now,) = pack_rows([old[place][1]]), pack_rows([row])
            members = [
                f"{name} was {_shown(was.get(name))}, is {_shown(now.get(name))}"
                for name in dict.fromkeys([*was, *now])
                if was.get(name) != now.get(name)
            ]
            yield _said("rowChanged", number, row, f"was changed: {'; '.join(members)}")


def _moved(before: Sequence[MappingRow], after: Sequence[MappingRow]) -> Iterator[Problem]:
    """Columns whose rows have another order of priority."""
    old, new = rows_by_column(before), rows_by_column(after)
    for column, rows in new.items():
        were = [_place(row) for row in old.get(column, [])]
        now = [_place(row) for row in rows]
        kept = [place for place in were if place in now]
        if kept != [place for place in now if place in were]:
            order = ", ".join(source_text(row.source) for row in rows)
            yield Problem(
                "rowsReordered",
                f"The rows of “{column}” were put in another order: {order}.",
                path="/rows",
                column=column,
            )


def _said(code: str, number: int | None, row: MappingRow, what: str) -> Problem:
    place = "The row" if number is None else f"Row {number}"
    return Problem(
        code,
        f"{place} {source_text(row.source)} → {row.column} {what}.",
        path="/rows" if number is None else f"/rows/{number - 1}",
        row=number,
        vendor_field=row.source.field if isinstance(row.source, VendorSource) else None,
        column=row.column or None,
    )


def _shown(value: Any) -> str:
    return "not set" if value is None else str(value)
