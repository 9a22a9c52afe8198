"""Verification of a mapping: every problem at once, each naming its row and what needs to be adjusted."""

from collections.abc import Mapping, Sequence

from shared.domain.compiled.lookups import Targets
from shared.domain.errors import Problem
from shared.domain.fields import Column, VendorField
from shared.domain.mapping import MappingRow
from shared.domain.verify.compatibility import COMPATIBLE, mismatch
from shared.domain.verify.lookups import lookup_problems
from shared.domain.verify.options import option_problems
from shared.domain.verify.problems import at
from shared.domain.verify.sources import column_problems, constant_problems, source_problems
from shared.domain.verify.together import block_problems, duplicates, never_used, unmapped_required
from shared.domain.verify.warnings import warnings

__all__ = ["COMPATIBLE", "MOST_ROWS", "verify", "warnings"]

MOST_ROWS = 200


def verify(
    rows: Sequence[MappingRow],
    vendor_fields: Mapping[str, VendorField],
    columns: Mapping[str, Column],
    targets: Targets | None = None,
) -> list[Problem]:
    """Everything that has to be adjusted before the mapping can be saved; empty when nothing.

    `targets` are the tables that lookups point at; None: what they have is not looked at.
    """
    if len(rows) > MOST_ROWS:
        return [Problem("tooManyRows", f"A mapping holds {MOST_ROWS} rows; this one has {len(rows)}.")]
    problems = [
        problem
        for number, row in enumerate(rows, start=1)
        for problem in _row_problems((number, row), vendor_fields, columns.get(row.column), targets)
    ]
    return [
        *problems,
        *duplicates(rows),
        *never_used(rows, columns),
        *block_problems(rows),
        *unmapped_required(rows, columns),
    ]


def _row_problems(
    numbered: tuple[int, MappingRow],
    vendor_fields: Mapping[str, VendorField],
    column: Column | None,
    targets: Targets | None,
) -> list[Problem]:
    number, row = numbered
    found = [*source_problems(number, row, vendor_fields), *column_problems(number, row, column)]
    if found or column is None:
        return found
    sentence = mismatch(row, column, vendor_fields)
    if sentence is not None:
        return [at(number, row, "typeMismatch", sentence)]
    of_options = [*option_problems(number, row, column), *lookup_problems(number, row, column, targets)]
    return of_options or constant_problems(number, row, column)
