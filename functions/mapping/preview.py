"""What would be sent for a vendor record, and what each row has to do with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from shared.domain.compiled import CompiledMapping, Mapped, Values
from shared.domain.compiled.lookups import NO_LINKS, Links
from shared.domain.compiled.readers import reader
from shared.domain.convert import ColumnValue, is_empty
from shared.domain.ids import vendor_id_of
from shared.domain.mapping import MappingRow, UpdateOption

NOTHING: Mapping[int, str] = {}

Compile = Callable[[Sequence[MappingRow]], CompiledMapping]
"""Makes rows ready to run, for one object of one organization."""


class RowEffect(StrEnum):
    """What a row does with a record."""

    SENT = "sent"
    EMPTY = "empty"
    OUTRANKED = "outranked"
    INVALID = "invalid"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPreview:
    """One row and its effect. `row` counts from 1; `given` is what the vendor's record holds."""

    row: int
    mapping_row: MappingRow
    effect: RowEffect
    reason: str
    given: Any = None
    value: ColumnValue | None = None

    @property
    def converted(self) -> bool:
        """Whether the column gets another value than the record holds."""
        return self.value is not None and (type(self.given), self.given) != (type(self.value), self.value)


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
        self, rows: Iterable[MappingRow], compile_rows: Compile, paused: Mapping[int, str] = NOTHING
    ) -> None:
        """`paused`: why rows are left out, by their numbers."""
        self._rows = tuple(rows)
        self._paused = paused
        self.compiled = compile_rows(self._rows)
        self._alone = [compile_rows((row,)) for row in self._rows]

    @property
    def missing(self) -> tuple[str, ...]:
        """The columns of rows that are left out whatever the record holds."""
        paused = [self._rows[number - 1].column for number in self._paused]
        return tuple(dict.fromkeys([*paused, *self.compiled.missing]))

    def preview(
        self, record: Mapping[str, Any], existing: Mapping[str, Any] | None, links: Links = NO_LINKS
    ) -> Preview:
        """What becomes of one record."""
        mapped = self.compiled.map(record, links)
        values = mapped.for_create()
        create = self.compiled.creation(mapped)
        refused, column = self._refusal(mapped, create)
        return Preview(
            vendor_id=vendor_id_of(record),
            create=create,
            update=None if existing is None else self.compiled.changes(mapped, existing),
            refused=refused,
            column=column,
            rows=tuple(self._explain(record, links, values)),
        )

    def _refusal(self, mapped: Mapped, create: Values) -> tuple[str | None, str | None]:
        if mapped.rejected is not None:
            return mapped.rejected.message, mapped.rejected.column
        lacking = self.compiled.missing_required(create)
        if lacking is not None:
            return f"Dynamics requires “{lacking.label}”, and the record has no value for it.", lacking.name
        return None, None

    def _explain(self, record: Mapping[str, Any], links: Links, values: Values) -> Iterator[RowPreview]:
        winners: dict[str, int] = {}
        for number, (row, alone) in enumerate(zip(self._rows, self._alone, strict=True), start=1):
            effect = replace(_effect(row, alone, record, links), row=number)
            if number in self._paused:
                effect = replace(effect, effect=RowEffect.UNUSABLE, reason=self._paused[number])
            if effect.effect is RowEffect.SENT and (why := _displaced(effect, values, winners)):
                yield replace(effect, effect=RowEffect.OUTRANKED, reason=why)
            else:
                yield effect


def _displaced(effect: RowPreview, values: Values, winners: dict[str, int]) -> str:
    """Why another value reaches the column; empty for the row that wins it, which is noted."""
    row = effect.mapping_row
    if row.column in winners:
        return f"Row {winners[row.column]} comes first and has a value."
    if row.options.block is not None and values.get(row.column) != effect.value:
        return f"The block “{row.options.block}” takes its values from another source."
    if row.column not in values:
        return "Another row decides this column together with its own."
    winners[row.column] = effect.row
    return ""


def _effect(row: MappingRow, alone: CompiledMapping, record: Mapping[str, Any], links: Links) -> RowPreview:
    mapped = alone.map(record, links)
    value = next(iter(mapped.for_create().values()), None)
    if alone.missing:
        effect, reason = RowEffect.UNUSABLE, "The organization has no such column, or it cannot be written."
    elif mapped.left_out:
        effect, reason = RowEffect.INVALID, mapped.left_out[0].message
    elif value is None:
        effect, reason = RowEffect.EMPTY, "The record has no value here."
    else:
        effect, reason = RowEffect.SENT, _WHEN[row.update_option]
    given = reader(row.source)(record)
    return RowPreview(
        row=1,
        mapping_row=row,
        effect=effect,
        reason=reason,
        given=None if is_empty(given) else given,
        value=value,
    )


_WHEN = {
    UpdateOption.OVERWRITE: "Sent for a new record, and to an existing one wherever it differs.",
    UpdateOption.FILL_IF_MISSING: "Sent for a new record, and to an existing one that has nothing there.",
    UpdateOption.CREATE_ONLY: "Sent for a new record; an existing one is left as it is.",
}
