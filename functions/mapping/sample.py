"""Runs the tenant's own last records through a mapping, and warns of what would not reach Dynamics."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from functions.compiling import compile_for
from functions.identity import Caller
from functions.mapping.service import Rows
from shared.domain.compiled import CompiledMapping
from shared.domain.errors import Problem
from shared.domain.exports import Export
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType
from shared.domain.mapping import ConstantSource, VendorSource
from shared.domain.records import VendorRecord
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles

MOST_RECORDS = 200
_EXPORTS = 20

Record = dict[str, Any]


class SampleCheck:
    """Counts, and never shows a value: the records are of people."""

    def __init__(self, exports: ExportStore, files: ExportFiles) -> None:
        self._exports = exports
        self._files = files

    def __call__(
        self, caller: Caller, object_type: ObjectType, rows: Rows, columns: ColumnCatalog
    ) -> list[Problem]:
        """Lengths, ranges, choices and empty values, as far as records of earlier exports are kept."""
        records = self._records(caller, object_type)
        if not records:
            return []

        def compile_rows(some: Rows) -> CompiledMapping:
            return compile_for(caller.tenant, object_type, some, columns, targets={})

        sample = _Sample(rows, columns, records)
        alone = [compile_rows((row,)) for row in rows]
        return [*sample.refused(alone), *sample.empty(alone), *sample.lacking(compile_rows(rows))]

    def _records(self, caller: Caller, object_type: ObjectType) -> list[Record]:
        exports, _ = self._exports.page(caller.tenant, _EXPORTS, None)
        found: list[Record] = []
        for export in exports:
            if export.object_type is object_type and not export.contents_deleted:
                found += self._of(caller, export, MOST_RECORDS - len(found))
            if len(found) >= MOST_RECORDS:
                break
        return found

    def _of(self, caller: Caller, export: Export, most: int) -> list[Record]:
        found: list[Record] = []
        for number in range(1, export.chunks + 1):
            kept = self._files.read_records(caller.tenant, export.id, number) or []
            found += [dict(record.fields) for record in kept if isinstance(record, VendorRecord)]
            if len(found) >= most:
                break
        return found[:most]


class _Sample:
    """The records, and what becomes of them."""

    def __init__(self, rows: Rows, columns: ColumnCatalog, records: Sequence[Record]) -> None:
        self._rows = rows
        self._columns = columns
        self._records = records

    def refused(self, alone: Sequence[CompiledMapping]) -> Iterator[Problem]:
        """Values that their column does not take, by row and reason."""
        for number, (row, compiled) in enumerate(zip(self._rows, alone, strict=True), start=1):
            left_out = [each for record in self._records for each in compiled.map(record).left_out]
            for (code, message), count in Counter((each.code, each.message) for each in left_out).items():
                yield Problem(
                    f"sample{code[:1].upper()}{code[1:]}",
                    f"Row {number}: {count} of {len(self._records)} records of your last exports would lose "
                    f"this value. {message}",
                    path=f"/rows/{number - 1}",
                    row=number,
                    vendor_field=row.source.field if isinstance(row.source, VendorSource) else None,
                    column=row.column,
                )

    def empty(self, alone: Sequence[CompiledMapping]) -> Iterator[Problem]:
        """Columns for which no record has a value in any of their rows."""
        fed = [row.column for row in self._rows if not isinstance(row.source, ConstantSource)]
        for name in dict.fromkeys(fed):
            numbers = [number for number, row in enumerate(self._rows) if row.column == name]
            usable = [alone[number] for number in numbers if alone[number].names]
            if usable and not any(_has_value(each, record) for each in usable for record in self._records):
                listed = ", ".join(str(number + 1) for number in numbers)
                yield Problem(
                    "sampleEmpty",
                    f"None of the {len(self._records)} records of your last exports has a value for "
                    f"“{self._columns[name].label}” (row {listed}).",
                    column=name,
                )

    def lacking(self, mapping: CompiledMapping) -> Iterator[Problem]:
        """Required columns that records would lack."""
        lacking: Counter[str] = Counter()
        for record in self._records:
            column = mapping.missing_required(mapping.creation(mapping.map(record)))
            if column is not None:
                lacking[column.name] += 1
        for name, count in lacking.items():
            yield Problem(
                "sampleRequiredMissing",
                f"{count} of {len(self._records)} records of your last exports have no value for "
                f"“{self._columns[name].label}”, which Dynamics requires: as new records they would fail. "
                "Add a row with a fixed value or a template below.",
                column=name,
            )


def _has_value(compiled: CompiledMapping, record: Record) -> bool:
    mapped = compiled.map(record)
    return bool(mapped.for_create() or mapped.left_out)
