"""Compiles a mapping for one organization into plain closures that run over every record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.domain.compiled.blocks import Block, owner_of
from shared.domain.compiled.engine import BlockSteps, CompiledMapping, Steps
from shared.domain.compiled.lookups import NO_TARGETS, Targets, can_find
from shared.domain.compiled.payload import payloads_of
from shared.domain.compiled.same import PLAIN_TYPES
from shared.domain.compiled.steps import KeyOf, Step, ValueOf, first_of, lookup_step, step
from shared.domain.compiled.tools import NO_TOOLS, Tools
from shared.domain.fields import Column, VendorField
from shared.domain.mapping import MappingRow, OnInvalid, UpdateOption, rows_by_column

_BUCKETS = {UpdateOption.OVERWRITE: 0, UpdateOption.FILL_IF_MISSING: 1, UpdateOption.CREATE_ONLY: 2}


def compile_mapping(
    rows: Sequence[MappingRow],
    columns: Mapping[str, Column],
    vendor_fields: Mapping[str, VendorField],
    tools: Tools = NO_TOOLS,
    *,
    targets: Targets = NO_TARGETS,
) -> CompiledMapping:
    """The mapping, ready to run. Rows of columns that do not exist, or cannot be mapped, are left out.

    So are lookups without a rule, or whose target table is not among `targets`.
    """
    return _Compiler(columns, vendor_fields, tools, targets).compile(rows)


@dataclass(slots=True)
class _Compiler:
    columns: Mapping[str, Column]
    fields: Mapping[str, VendorField]
    tools: Tools
    targets: Targets
    keys: list[KeyOf] = field(default_factory=list)

    def compile(self, rows: Sequence[MappingRow]) -> CompiledMapping:
        usable = {
            name: group
            for name, rows_of_column in rows_by_column(rows).items()
            if (group := [row for row in rows_of_column if self._is_usable(row)])
        }
        blocks = _rows_by_block(usable)
        in_blocks = {row.column for group in blocks.values() for row in group}
        steps = self._steps({name: group for name, group in usable.items() if name not in in_blocks})
        mapped_columns = [self.columns[name] for name in usable]
        # The first row that names a block decides when it may be written; others are no valid mapping.
        options = {row.options.block: row.update_option for row in reversed(rows)}
        compiled_blocks = tuple(self._block(group, options[name]) for name, group in blocks.items())
        return CompiledMapping(
            catalog=self.columns,
            names=tuple(usable),
            steps=steps,
            blocks=compiled_blocks,
            keys=tuple(self.keys),
            payloads=payloads_of(mapped_columns, self.columns),
            protected=frozenset(
                name for name, group in usable.items() if any(row.options.protect_edits for row in group)
            ),
            targets=self.targets,
            required=tuple(column for column in self.columns.values() if column.required),
            missing=tuple(name for name in rows_by_column(rows) if name not in usable),
            odd=frozenset(each.name for each in mapped_columns if each.is_lookup or not each.updatable),
            special=frozenset(each.name for each in mapped_columns if not _is_plain(each)),
        )

    def _is_usable(self, row: MappingRow) -> bool:
        column = self.columns.get(row.column)
        if column is None or not column.mappable:
            return False
        if not column.is_lookup:
            return True
        rule = row.options.lookup
        return rule is not None and rule.table in dict(column.navigation) and can_find(rule, self.targets)

    def _steps(self, groups: Mapping[str, list[MappingRow]]) -> Steps:
        overwrite: list[tuple[str, ValueOf]] = []
        fill: list[tuple[str, ValueOf]] = []
        others: list[tuple[str, tuple[tuple[ValueOf, int], ...]]] = []
        for name, group in groups.items():
            values = [self._value_of(row) for row in group]
            option = _common_option(group)
            if option is UpdateOption.OVERWRITE:
                overwrite.append((name, first_of(values)))
            elif (
                option is UpdateOption.FILL_IF_MISSING and not _fails(group) and _is_read(self.columns[name])
            ):
                fill.append((name, first_of(values)))
            else:
                options = [_BUCKETS[row.update_option] for row in group]
                others.append((name, tuple(zip(values, options, strict=True))))
        return Steps(tuple(overwrite), tuple(fill), tuple(name for name, _ in fill), tuple(others))

    def _block(self, rows: Sequence[MappingRow], option: UpdateOption) -> BlockSteps:
        names = tuple(dict.fromkeys(row.column for row in rows))
        sources: dict[str | None, dict[str, list[ValueOf]]] = {}
        for row in rows:
            columns = sources.setdefault(owner_of(row.source), {})
            columns.setdefault(row.column, []).append(self._value_of(row))
        return BlockSteps(
            Block(names, option, plain=all(map(_is_plain, map(self.columns.__getitem__, names)))),
            tuple(
                tuple((name, first_of(values)) for name, values in columns.items())
                for columns in sources.values()
            ),
        )

    def _value_of(self, row: MappingRow) -> ValueOf:
        made = self._step(row)
        if made.key_of is not None:
            self.keys.append(made.key_of)
        return made.value_of

    def _step(self, row: MappingRow) -> Step:
        column = self.columns[row.column]
        rule = row.options.lookup
        if column.is_lookup and rule is not None:
            return lookup_step(row, column, self.targets[rule.table], self.tools)
        return step(row, column, self.fields, self.tools)


def _common_option(rows: Sequence[MappingRow]) -> UpdateOption | None:
    first = rows[0].update_option
    return first if all(row.update_option is first for row in rows) else None


def _fails(rows: Sequence[MappingRow]) -> bool:
    return any(row.on_invalid is OnInvalid.FAIL_RECORD for row in rows)


def _is_read(column: Column) -> bool:
    return column.updatable and not column.is_lookup


def _is_plain(column: Column) -> bool:
    return column.type in PLAIN_TYPES and column.updatable


def _rows_by_block(groups: Mapping[str, list[MappingRow]]) -> dict[str, list[MappingRow]]:
    """The rows of each block. All rows of a column belong to the block that its first such row names."""
    blocks: dict[str, list[MappingRow]] = {}
    for group in groups.values():
        name = next((row.options.block for row in group if row.options.block), None)
        if name is not None:
            blocks.setdefault(name, []).extend(group)
    return blocks
