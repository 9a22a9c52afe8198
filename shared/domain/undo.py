"""What an export changed in Dynamics, and what becomes of that when the export is undone."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.domain.compiled.payload import Payloads
from shared.domain.compiled.same import same_value
from shared.domain.convert import is_empty
from shared.domain.fields import Column
from shared.domain.matching import ExistingRecord
from shared.domain.plan import Create, Delete, PlannedRecord, RecordPlan, Reject, Skip, Unchanged, Update
from shared.domain.records import InputRecord, UnreadableRecord

READ = ("statecode", "createdon", "modifiedon", "_createdby_value", "_modifiedby_value")
"""What tells, beside the values themselves, whether somebody changed a record."""

Hanging = Callable[[str], Skip | None]
"""Why the record of this id must stay; None where nothing hangs on it."""

AT_ONCE = timedelta(seconds=2)
"""What an organization's own logic changes while a record is being created is no edit."""

_RESTORED = "The values that the export had replaced are put back."
_DELETED = "The export had created it, nobody changed it, and nothing hangs on it: it is deleted."
_GONE = "The record is not in Dynamics any more; there is nothing to undo."
_NO_TRACE = "Nothing of what the export wrote is there any more; there is nothing to undo."
_EDITED = "It was changed in Dynamics since the export, and is left as it is."
_INACTIVE = "The record is qualified or inactive in Dynamics, and is left as it is."
_UNKNOWN = "What it held before the export is not known, so it is left as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an export did to one Dynamics record. `wrote` as it was sent; `before` by column.

    `created`: there was nothing before.
    """

    vendor_id: str | None
    id: str
    created: bool
    wrote: Mapping[str, Any]
    before: Mapping[str, Any]

    def to_fields(self) -> dict[str, Any]:
        """The change as the fields of a record, so that an undo has chunks like any export."""
        return {
            "id": self.vendor_id,
            "row": self.id,
            "created": self.created,
            "wrote": dict(self.wrote),
            "before": dict(self.before),
        }

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> "Change":
        """The change again."""
        return cls(
            vendor_id=fields["id"],
            id=fields["row"],
            created=fields["created"],
            wrote=fields["wrote"],
            before=fields["before"],
        )

    @classmethod
    def of_plan(cls, planned: PlannedRecord) -> "Change | None":
        """The change that a plan makes; None for one that writes nothing."""
        match planned.plan:
            case Create(row_id, values):
                return cls(vendor_id=planned.vendor_id, id=row_id, created=True, wrote=values, before={})
            case Update(id=row_id, values=values, before=before):
                return cls(vendor_id=planned.vendor_id, id=row_id, created=False, wrote=values, before=before)
        return None


@dataclass(frozen=True, slots=True)
class Undone:
    """What is done about a change: the plan, and the sentence for whoever asked for it."""

    plan: RecordPlan
    code: str | None = None
    note: str | None = None
    column: str | None = None

    def at(self, position: int, vendor_id: str | None) -> PlannedRecord:
        return PlannedRecord(position, vendor_id, self.plan, self.note, self.column, self.code)


@dataclass(frozen=True, slots=True)
class UndoRules:
    """How a table's values are read and sent."""

    columns: Mapping[str, Column]
    payloads: Payloads

    def written(self, change: Change) -> dict[str, Any]:
        """What was written, by column, of the columns that still exist."""
        values = self.payloads.by_column(change.wrote)
        return {name: value for name, value in values.items() if name in self.columns}

    def decide(self, change: Change, present: ExistingRecord | None, hanging: Hanging) -> Undone:
        """What to do about the change of a record that is now as `present` says; None: it is gone."""
        if present is None:
            return Undone(Unchanged(change.id), "alreadyGone", _GONE)
        if present.read_only:
            return Undone(Skip("recordInactive", _INACTIVE, change.id))
        return (
            self._deletion(change, present, hanging) if change.created else self._restoration(change, present)
        )

    def _deletion(self, change: Change, present: ExistingRecord, hanging: Hanging) -> Undone:
        ours = all(self._holds(present, name, value) for name, value in self.written(change).items())
        if not ours or was_touched(present.values):
            return Undone(Skip("editedSince", _EDITED, change.id))
        related = hanging(change.id)
        if related is not None:
            return Undone(related)
        return Undone(Delete(present.id, present.etag), "deleted", _DELETED)

    def _restoration(self, change: Change, present: ExistingRecord) -> Undone:
        written = self.written(change)
        if not change.before:
            return Undone(Skip("oldValuesUnknown", _UNKNOWN, change.id))
        ours = [name for name, value in written.items() if self._holds(present, name, value)]
        edited = [name for name in written if name not in ours and not self._is_back(change, present, name)]
        values: dict[str, Any] = {}
        for name in ours:
            if not self._is_back(change, present, name):
                values |= self._old(change, name)
        lost = [name for name in ours if self._is_lost(change, name)]
        note = self._left(edited, "changed in Dynamics since") or self._left(lost, "a reference to any table")
        if values:
            code = "editedSince" if edited else "restored"
            sentence = f"{_RESTORED} {note}" if note else _RESTORED
            return Undone(Update(present.id, present.etag, values), code, sentence, next(iter(edited), None))
        if edited or lost:
            return Undone(Skip("editedSince" if edited else "oldValuesUnknown", note or _EDITED, change.id))
        return Undone(Unchanged(change.id), "alreadyUndone", _NO_TRACE)

    def _holds(self, present: ExistingRecord, name: str, value: Any) -> bool:
        column = self.columns[name]
        there = present.values.get(column.wire_name)
        return there == value or same_value(column, there, value)

    def _is_back(self, change: Change, present: ExistingRecord, name: str) -> bool:
        before, there = change.before.get(name), present.values.get(self.columns[name].wire_name)
        return bool(before == there) or (is_empty(before) and is_empty(there))

    def _is_lost(self, change: Change, name: str) -> bool:
        """Whether the old value is a reference of which nobody knows into which table."""
        column = self.columns[name]
        return column.is_lookup and change.before.get(name) is not None and len(column.targets) != 1

    def _old(self, change: Change, name: str) -> dict[str, Any]:
        """What is sent so that a column holds its old value again; nothing where that cannot be told."""
        before = change.before.get(name)
        if not self.columns[name].is_lookup:
            return {name: before}
        if self._is_lost(change, name):
            return {}
        bound = next(each for each in change.wrote if self.payloads.bound.get(each) == name)
        entity_set = str(change.wrote[bound]).partition("(")[0]
        return {bound: None if before is None else f"{entity_set}({before})"}

    def _left(self, names: Collection[str], why: str) -> str | None:
        if not names:
            return None
        labels = ", ".join(f"“{self.columns[name].label}”" for name in names)
        return f"Left as they are ({why}): {labels}."


def undo_plans(
    records: Collection[InputRecord],
    present: Mapping[str, ExistingRecord],
    hanging: Hanging,
    rules: UndoRules,
) -> Iterator[PlannedRecord]:
    """The plan of each record of an undo, in their order."""
    for record in records:
        if isinstance(record, UnreadableRecord):
            yield PlannedRecord(record.position, None, Reject(record.code, record.reason))
        else:
            change = Change.of_fields(record.fields)
            undone = rules.decide(change, present.get(change.id), hanging)
            yield undone.at(record.position, change.vendor_id)


def was_touched(values: Mapping[str, Any]) -> bool:
    """Whether somebody changed the record after its creation."""
    if values.get("_modifiedby_value") != values.get("_createdby_value"):
        return True
    created, modified = _moment(values.get("createdon")), _moment(values.get("modifiedon"))
    return created is None or modified is None or modified - created > AT_ONCE


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
