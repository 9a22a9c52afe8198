"""Edits that people made in Dynamics: a protected row overwrites only what this service wrote last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shared.domain.compiled.lookups import id_in
from shared.domain.compiled.mapped import LeftOut
from shared.domain.convert import ColumnValue, is_empty
from shared.domain.fields import Column, ColumnType
from shared.domain.ids import TenantId

CODE = "protectedEdit"
Seals = Mapping[str, str]
"""What was written last into each protected column of a record, as its seal."""

_LENGTH = 16
_NUMBERS = frozenset(
    {ColumnType.INTEGER, ColumnType.BIG_INT, ColumnType.DECIMAL, ColumnType.DOUBLE, ColumnType.MONEY}
)


@dataclass(frozen=True, slots=True)
class Written:
    """What this service wrote last into records of one tenant; `rows` by their ids."""

    tenant: TenantId
    rows: Mapping[str, Seals] = field(default_factory=dict)

    def is_edited(self, row_id: str, column: Column, present: Any) -> bool:
        """Whether somebody else wrote the present value, or emptied what was written."""
        last = self.rows.get(row_id, {}).get(column.name)
        if is_empty(present):
            return last is not None
        return last != seal(self.tenant, row_id, column, present)


def edited(
    changes: Iterable[str],
    existing: tuple[str, Mapping[str, Any]],
    columns: Mapping[str, Column],
    written: Written,
) -> list[LeftOut]:
    """Those of the changed columns that hold an edit, with the sentence for whoever exports."""
    row_id, values = existing
    kept = [
        name
        for name in changes
        if written.is_edited(row_id, columns[name], values.get(columns[name].wire_name))
    ]
    return [
        LeftOut(name, CODE, f"“{columns[name].label}” was edited in Dynamics, and is left as it is.")
        for name in kept
    ]


def seals(
    tenant: TenantId, row_id: str, columns: Mapping[str, Column], values: Mapping[str, ColumnValue]
) -> dict[str, str]:
    """The seals of values that were written, by column."""
    return {name: seal(tenant, row_id, columns[name], value) for name, value in values.items()}


def seal(tenant: TenantId, row_id: str, column: Column, value: ColumnValue) -> str:
    """A short hash that tells whether a value is still the same, and nothing else about it."""
    text = "\x00".join((tenant, row_id.casefold(), column.name, _canonical(column, value)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _canonical(column: Column, value: ColumnValue) -> str:
    """The same text for a value as it is written and as it is read."""
    if column.is_lookup:
        return (id_in(value) if isinstance(value, str) and value.startswith("/") else str(value)).casefold()
    if column.type in _NUMBERS and isinstance(value, (int, float)):
        return f"{float(value):.{column.precision or 0}f}"
    if column.type is ColumnType.MULTI_SELECT:
        return ",".join(sorted(str(value).split(",")))
    if column.type is ColumnType.DATE_TIME:
        return str(value)[: len("2026-01-31T00:00:00")].removesuffix("Z")
    return str(value)
