"""Carries a mapping from one place to another: its rows with labels out, a file's rows in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.identity import Caller
from functions.mapping.differences import differences
from functions.mapping.history import Bind
from functions.mapping.service import MappingService, Rows
from shared.domain.errors import Problem, Unverified
from shared.domain.fields import Column, VendorField
from shared.domain.ids import ObjectType
from shared.domain.mapping import Mapping as SavedMapping
from shared.domain.mapping import MappingRow

_NOT_HERE = frozenset({"columnUnknown", "columnNotWritable", "columnNotMappable"})


@dataclass(frozen=True, slots=True)
class Labels:
    """What people call the vendor's fields and the organization's columns, by name."""

    fields: Mapping[str, VendorField]
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A row of a file that the organization has no place for."""

    row: MappingRow
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did or, unsaved, would do."""

    mapping: SavedMapping
    warnings: Sequence[Problem]
    left_out: Sequence[LeftOutRow]
    changes: list[str]
    saved: bool
    etag: str


class MappingImports:
    """An import is a save: verified, bound to what was read, noted as a version."""

    def __init__(self, service: MappingService) -> None:
        self._service = service

    def labels(self, caller: Caller, object_type: ObjectType) -> Labels:
        """The labels of the tenant's organization."""
        columns = self._service.columns(caller, object_type)
        return Labels(self._service.vendor_fields(object_type), columns)

    def run(
        self,
        caller: Caller,
        object_type: ObjectType,
        rows: Rows,
        bind: Bind,
        *,
        leave_out: bool,
        dry_run: bool,
    ) -> Imported:
        """Saves the rows of a file. `leave_out`: without those that the organization has no column for."""
        left_out = self._left_out(caller, object_type, rows) if leave_out else []
        numbers = {each.problem.row for each in left_out}
        kept = [row for number, row in enumerate(rows, start=1) if number not in numbers]
        before = self._service.read(caller, object_type)
        changes = [change.message for change in differences(before.value.rows, kept)]
        if dry_run:
            checked = self._service.verify(caller, object_type, kept)
            mapping = SavedMapping(object_type=object_type, rows=tuple(kept), version=before.value.version)
            warnings, etag = checked.warnings, before.etag
        else:
            saved = self._service.save(caller, object_type, kept, bind)
            mapping, warnings, etag = saved.mapping, saved.warnings, saved.etag
        return Imported(
            mapping=mapping,
            warnings=warnings,
            left_out=left_out,
            changes=changes,
            saved=not dry_run,
            etag=etag,
        )

    def _left_out(self, caller: Caller, object_type: ObjectType, rows: Rows) -> list[LeftOutRow]:
        """Rows without a column here. Unverified with the file's own row numbers where more is wrong."""
        problems = self._service.problems(caller, object_type, rows)
        if any(problem.code not in _NOT_HERE for problem in problems):
            raise Unverified(
                "mappingUnverified",
                "The file has rows to put right beside those without a column here, and was not saved; "
                "“errors” names each.",
                problems=problems,
            )
        return [LeftOutRow(rows[each.row - 1], each) for each in problems if each.row is not None]
