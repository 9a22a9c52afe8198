"""A compiled mapping at work: what it makes of a record, and what an existing one lacks of that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.compiled.blocks import Block
from shared.domain.compiled.lookups import NO_LINKS, Links, LookupKey, LookupQuestion, Targets, questions
from shared.domain.compiled.mapped import Mapped, Values
from shared.domain.compiled.payload import Payloads
from shared.domain.compiled.same import same_value
from shared.domain.compiled.steps import KeyOf, ValueOf, Work
from shared.domain.convert import ColumnValue, is_empty
from shared.domain.fields import Column

Plain = tuple[tuple[str, ValueOf], ...]
"""Columns and where their values come from."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Columns by when they are written: those that overwrite, those that only fill, and `others`.

    Others are columns whose rows do not agree on that, are for new records alone, or fail the record.
    """

    overwrite: Plain
    fill: Plain
    fill_names: tuple[str, ...]
    others: tuple[tuple[str, tuple[tuple[ValueOf, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class BlockSteps:
    """The sources of a block, the first one that has any value first."""

    block: Block
    alternatives: tuple[tuple[tuple[str, ValueOf], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMapping:
    """What to do with every record. `missing` names mapped columns that the organization no longer has.

    `odd` columns are read under another name, or cannot be changed; values of `special` ones may be the same
    unequal.
    """

    catalog: Mapping[str, Column]
    names: tuple[str, ...]
    steps: Steps
    blocks: tuple[BlockSteps, ...]
    keys: tuple[KeyOf, ...]
    payloads: Payloads
    protected: frozenset[str]
    targets: Targets
    required: tuple[Column, ...]
    missing: tuple[str, ...]
    odd: frozenset[str]
    special: frozenset[str]

    @property
    def compared(self) -> list[str]:
        """The columns whose present values decide what is sent to an existing record."""
        return [name for name in self.names if self.catalog[name].updatable]

    def lookup_keys(self, record: Mapping[str, Any]) -> Iterator[LookupKey]:
        """By what the records are recognized that this record's lookups name: to be found before `map`."""
        for key_of in self.keys:
            if (key := key_of(record)) is not None:
                yield key

    def lookup_questions(self, records: Iterable[Mapping[str, Any]]) -> list[LookupQuestion]:
        """What has to be asked so that the lookups of these records are found."""
        if not self.keys:
            return []
        return questions((key for record in records for key in self.lookup_keys(record)), self.targets)

    def standing_with(self, name: str) -> tuple[str, ...]:
        """The columns that change together with this one, itself among them."""
        return next((each.block.columns for each in self.blocks if name in each.block.columns), (name,))

    def map(
        self,
        record: Mapping[str, Any],
        links: Links = NO_LINKS,
        present: Mapping[str, Any] | None = None,
    ) -> Mapped:
        """The values of one record. The first row with a value wins its column.

        `present` is what an existing record holds: a value that could only fill is not looked at where there
        is one already.
        """
        work = Work(links, [])
        # Comprehensions, which run twice as fast as a loop over all: every record of every export comes by.
        overwrite: Values = {
            name: value
            for name, value_of in self.steps.overwrite
            if (value := value_of(record, work)) is not None
        }
        if present is None:
            fill: Values = {
                name: value
                for name, value_of in self.steps.fill
                if (value := value_of(record, work)) is not None
            }
        else:
            fill = {
                name: value
                for (name, value_of), there in zip(
                    self.steps.fill, map(present.get, self.steps.fill_names), strict=True
                )
                if (
                    there is None
                    or (not there or there.isspace() if there.__class__ is str else is_empty(there))
                )
                and (value := value_of(record, work)) is not None
            }
        create_only: Values = {}
        buckets = (overwrite, fill, create_only)
        for name, rows in self.steps.others:
            for value_of, bucket in rows:
                value = value_of(record, work)
                if value is not None:
                    buckets[bucket][name] = value
                    break
        blocks = [(each.block, ours) for each in self.blocks if (ours := _first_source(each, record, work))]
        mapped = Mapped(overwrite, fill, create_only, [], None, blocks)
        if work.refused:
            self._note_refused(mapped, work)
        if self.payloads.state_of_status:
            self.payloads.settle_state(mapped)
        return mapped

    def _note_refused(self, mapped: Mapped, work: Work) -> None:
        """The refused values in the order of the columns; the first that fails its record is to blame."""
        place = {name: number for number, name in enumerate(self.names)}
        refused = sorted(work.refused, key=lambda each: place[each[0].column])
        mapped.left_out = [left_out for left_out, _ in refused]
        mapped.rejected = next((left_out for left_out, fails in refused if fails), None)

    def differences(self, mapped: Mapped, existing: Mapping[str, Any]) -> Values:
        """What an existing record lacks of what the mapping wants, by column; empty when nothing."""
        odd, special, fill = self.odd, self.special, mapped.fill
        changed: Values = {
            name: value
            for (name, value), present in zip(fill.items(), map(existing.get, fill), strict=True)
            if (
                present is None
                or (not present or present.isspace() if present.__class__ is str else is_empty(present))
            )
            and (not odd or name not in odd or self._may_fill(name, existing))
        }
        # Of a column in both, the value that overwrites counts: a filled one changes empty values alone.
        for name, value in mapped.overwrite.items():
            present = existing.get(name)
            if present != value and (
                name not in special or not self._is_same(name, present, value, existing)
            ):
                changed[name] = value
        again = len(mapped.blocks) > 1
        for block, ours in mapped.blocks:
            changed |= self._block_changes((block, ours), existing, changed, again=again)
        return changed

    def changes(self, mapped: Mapped, existing: Mapping[str, Any]) -> Values:
        """What has to be sent so that an existing record has what the mapping wants; empty when nothing."""
        return self.payloads.of_update(self.differences(mapped, existing), existing)

    def present(self, body: Values, existing: Mapping[str, Any]) -> dict[str, Any]:
        """What an existing record holds, by column, of that which a body changes."""
        names = (self.payloads.bound.get(name, name) for name in body)
        return {name: existing.get(self.catalog[name].wire_name) for name in names}

    def creation(self, mapped: Mapped) -> Values:
        """What a new record is made of."""
        return self.payloads.of_create(mapped.for_create())

    def missing_required(self, values: Mapping[str, ColumnValue]) -> Column | None:
        """A required column that a new record would lack. Dynamics' Web API does not check that itself."""
        for column in self.required:
            if column.name not in values and not self.payloads.holds(values, column):
                return column
        return None

    def _same_as_present(self, name: str, present: Any, value: ColumnValue) -> bool:
        return same_value(self.catalog[name], present, value)

    def _is_same(self, name: str, present: Any, value: ColumnValue, existing: Mapping[str, Any]) -> bool:
        """Whether values that are not equal are the same for their column, or may not be changed."""
        column = self.catalog[name]
        if name in self.odd:
            return not column.updatable or same_value(column, existing.get(column.wire_name), value)
        return same_value(column, present, value)

    def _may_fill(self, name: str, existing: Mapping[str, Any]) -> bool:
        column = self.catalog[name]
        return column.updatable and is_empty(existing.get(column.wire_name))

    def _block_changes(
        self,
        block_of_ours: tuple[Block, Values],
        existing: Mapping[str, Any],
        changed: Values,
        *,
        again: bool,
    ) -> Values:
        """What a block changes. `again`: another record may have changed it before."""
        block, ours = block_of_ours
        if block.plain:
            return block.changes(ours, {**existing, **changed} if again else existing)
        columns = [self.catalog[name] for name in block.columns]
        present = {each.name: changed.get(each.name, existing.get(each.wire_name)) for each in columns}
        wanted = block.changes(ours, present, self._same_as_present)
        return {name: value for name, value in wanted.items() if self.catalog[name].updatable}


def _first_source(block: BlockSteps, record: Mapping[str, Any], work: Work) -> Values:
    for columns in block.alternatives:
        ours = {name: value for name, value_of in columns if (value := value_of(record, work)) is not None}
        if ours:
            return ours
    return {}
