"""Verification of rows that belong together: duplicates, rows never used, blocks, required columns."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from shared.domain.compiled.blocks import owner_of_field
from shared.domain.errors import Problem
from shared.domain.fields import Column
from shared.domain.mapping import ConstantSource, MappingRow, TemplateSource
from shared.domain.verify.problems import at, requirement

Numbered = tuple[int, MappingRow]


def duplicates(rows: Sequence[MappingRow]) -> list[Problem]:
    """Rows that send what an earlier row sends already."""
    seen: Counter[tuple[object, str]] = Counter()
    problems = []
    for number, row in enumerate(rows, start=1):
        seen[row.source, row.column] += 1
        if row.column and seen[row.source, row.column] > 1:
            problems.append(
                at(number, row, "rowDuplicate", "another row sends the same to this field. Remove one."),
            )
    return problems


def never_used(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> list[Problem]:
    """Fixed values that stand above other rows of their column."""
    last = {row.column: number for number, row in enumerate(rows, start=1)}
    return [
        at(
            number,
            row,
            "rowNeverUsed",
            f"the rows of “{columns[row.column].label if row.column in columns else row.column}” "
            "below this fixed value are never used. Move it to the end.",
        )
        for number, row in enumerate(rows, start=1)
        if row.column and isinstance(row.source, ConstantSource) and number < last[row.column]
    ]


def unmapped_required(rows: Sequence[MappingRow], columns: Mapping[str, Column]) -> list[Problem]:
    """Required columns without a row."""
    mapped = {row.column for row in rows}
    return [
        Problem("requiredUnmapped", requirement(column), column=column.name)
        for column in columns.values()
        if column.required and column.name not in mapped
    ]


def block_problems(rows: Sequence[MappingRow]) -> list[Problem]:
    """Blocks whose rows cannot come from one source, or do not agree on when they may write."""
    blocks: dict[str, list[Numbered]] = {}
    for number, row in enumerate(rows, start=1):
        if row.options.block is not None:
            blocks.setdefault(row.options.block, []).append((number, row))
    if not blocks:
        return []
    block_of = {row.column: name for name, numbered in blocks.items() for _, row in numbered}
    return [
        *(problem for name, numbered in blocks.items() for problem in _wrong_in_block(name, numbered)),
        *_outside(rows, block_of),
    ]


def _wrong_in_block(name: str, numbered: Iterable[Numbered]) -> Iterator[Problem]:
    options = None
    for number, row in numbered:
        options = options or row.update_option
        if not name.strip():
            yield at(number, row, "blockMissing", "enter a name for the block, or take the row out of it.")
        elif isinstance(row.source, ConstantSource):
            sentence = f"a fixed value cannot be part of the block “{name}”. Take the row out of it."
            yield at(number, row, "blockConstant", sentence)
        elif isinstance(row.source, TemplateSource) and len(_owners(row.source)) > 1:
            sentence = (
                f"the template mixes two sources, and the block “{name}” comes from one. Use one of them."
            )
            yield at(number, row, "blockMixed", sentence)
        elif row.update_option is not options:
            sentence = f"the rows of the block “{name}” have different update options. Use one for all."
            yield at(number, row, "blockOptionsDiffer", sentence)


def _owners(source: TemplateSource) -> set[str]:
    return {owner_of_field(field) for field in source.fields}


def _outside(rows: Sequence[MappingRow], block_of: Mapping[str, str]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=1):
        name = block_of.get(row.column)
        if row.column and name is not None and row.options.block != name:
            sentence = f"its field belongs to the block “{name}”. Put the row into that block, or remove it."
            yield at(number, row, "blockPartial", sentence)
