"""Verification of lookups: each needs a rule for finding the record that it points at."""

from collections.abc import Iterator

from shared.domain.compiled.lookups import RECOGNIZABLE, LookupTarget, Targets
from shared.domain.errors import Problem
from shared.domain.fields import Column
from shared.domain.mapping import LookupRule, MappingRow
from shared.domain.verify.problems import at


def lookup_problems(number: int, row: MappingRow, column: Column, targets: Targets | None) -> list[Problem]:
    """What is wrong with the rule of a lookup. `targets` None: the tables were not read."""
    if not column.is_lookup:
        return []
    return [at(number, row, code, sentence) for code, sentence in _wrong(row, column, targets)]


def _wrong(row: MappingRow, column: Column, targets: Targets | None) -> Iterator[tuple[str, str]]:
    rule = row.options.lookup
    tables = [table for table, _ in column.navigation]
    if rule is None or not rule.table or not rule.column:
        yield (
            "lookupUnresolved",
            f"“{column.label}” needs a rule for finding the {' or '.join(tables)}: name one of its fields.",
        )
    elif rule.table not in tables:
        yield (
            "lookupTargetUnknown",
            f"“{column.label}” points at {' or '.join(tables)}, not at “{rule.table}”. Pick one of them.",
        )
    elif targets is not None:
        yield from _wrong_column(rule, targets.get(rule.table))


def _wrong_column(rule: LookupRule, target: LookupTarget | None) -> Iterator[tuple[str, str]]:
    if target is None:
        yield (
            "lookupTargetUnknown",
            f"the table “{rule.table}” cannot be read. Pick another one, or ask an admin.",
        )
    elif rule.column not in target.columns:
        yield (
            "lookupColumnUnknown",
            f"{target.label} has no field “{rule.column}”. Pick one by which its records are recognized.",
        )
    elif target.columns[rule.column].type not in RECOGNIZABLE:
        label = target.columns[rule.column].label
        yield (
            "lookupColumnUnfitting",
            f"no {target.label} can be found by “{label}”. Pick a field of text, a whole number or the key.",
        )
