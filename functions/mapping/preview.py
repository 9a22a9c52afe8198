"""What would be sent for a vendor record, and what each row has to do with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from shared.domain.compiled import CompiledMapping, Mapped, Values, compile_mapping
from shared.domain.convert import ColumnValue
from shared.domain.fields import ColumnCatalog, VendorField
from shared.domain.ids import vendor_id_of
from shared.domain.mapping import MappingRow, UpdateOption


class RowEffect(StrEnum):
    """What a row does with a record."""

    SENT = "sent"
    EMPTY = "empty"
    OUTRANKED = "outranked"
    INVALID = "invalid"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPreview:
    """One row and its effect. `row` counts from 1."""

    row: int
    mapping_row: MappingRow
    effect: RowEffect
    reason: str
    value: ColumnValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One vendor record: the values of a new Dynamics record, the changes of an existing one, and why."""

    vendor_id: str
    create: Values
    update: Values | None
    refused: str | None
    column: str | None
    rows: tuple[RowPreview, ...]


class Previewer:
    """A mapping, ready to show what it does; it runs the very code that exports run."""

    def __init__(
        self,
        rows: Iterable[MappingRow],
        columns: ColumnCatalog,
        vendor_fields: Mapping[str, VendorField],
    ) -> None:
        self._rows = tuple(rows)
        self.compiled = compile_mapping(self._rows, columns, vendor_fields)
        self._alone = [compile_mapping((row,), columns, vendor_fields) for row in self._rows]

    def preview(self, record: Mapping[str, Any], existing: Mapping[str, Any] | None) -> Preview:
        """What becomes of one record."""
        mapped = self.compiled.map(record)
        create = self.compiled.creation(mapped)
        refused, column = self._refusal(mapped, create)
        return Preview(
            vendor_id=vendor_id_of(record),
            create=create,
            update=None if existing is None else self.compiled.changes(mapped, existing),
            refused=refused,
            column=column,
            rows=tuple(self._explain(record)),
        )

    def _refusal(self, mapped: Mapped, create: Values) -> tuple[str | None, str | None]:
        if mapped.rejected is not None:
            return mapped.rejected.message, mapped.rejected.column
        lacking = self.compiled.missing_required(create)
        if lacking is not None:
            return f"Dynamics requires “{lacking.label}”, and the record has no value for it.", lacking.name
        return None, None

    def _explain(self, record: Mapping[str, Any]) -> Iterable[RowPreview]:
        winners: dict[str, int] = {}
        for number, (row, alone) in enumerate(zip(self._rows, self._alone, strict=True), start=1):
            effect = _effect(number, row, alone, record)
            if effect.effect is RowEffect.SENT and winners.setdefault(row.column, number) != number:
                first = winners[row.column]
                yield replace(
                    effect, effect=RowEffect.OUTRANKED, reason=f"Row {first} comes first and has a value."
                )
            else:
                yield effect


def _effect(number: int, row: MappingRow, alone: CompiledMapping, record: Mapping[str, Any]) -> RowPreview:
    mapped = alone.map(record)
    value = next(iter(mapped.for_create().values()), None)
    if alone.missing:
        effect, reason = RowEffect.UNUSABLE, "The organization has no such column, or it cannot be written."
    elif mapped.left_out:
        effect, reason = RowEffect.INVALID, mapped.left_out[0].message
    elif value is None:
        effect, reason = RowEffect.EMPTY, "The record has no value here."
    else:
        effect, reason = RowEffect.SENT, _WHEN[row.update_option]
    return RowPreview(row=number, mapping_row=row, effect=effect, reason=reason, value=value)


_WHEN = {
    UpdateOption.OVERWRITE: "Sent for a new record, and to an existing one wherever it differs.",
    UpdateOption.FILL_IF_MISSING: "Sent for a new record, and to an existing one that has nothing there.",
    UpdateOption.CREATE_ONLY: "Sent for a new record; an existing one is left as it is.",
}
