"""Plans and writes a chunk in rounds: whom somebody was quicker to change, or to claim, comes again."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from functions.export.prepared import PreparedExport
from functions.export.stores import ExportStores
from functions.export.writing import write
from shared.dataverse.refusals import AlreadyExists, ChangedMeanwhile, RecordGone
from shared.domain.errors import RecordRejected, Transient
from shared.domain.exports import Export
from shared.domain.ids import ExportId, TenantId
from shared.domain.person_marks import Mark, mark_of
from shared.domain.plan import Create, MergedInto, PlannedRecord, Unchanged, Update
from shared.domain.records import InputRecord
from shared.storage.person_claims import Claimant

Plan = Callable[[Sequence[InputRecord]], list[PlannedRecord]]

_ROUNDS = 3
_OTHERS_TAKE = 5.0
"""Seconds after which the others may be done. Longer each time, a crash of theirs would cost minutes."""
_OVERTAKEN = (AlreadyExists, ChangedMeanwhile, RecordGone)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The records whose turn it is, and those that another chunk has."""

    mine: list[InputRecord]
    taken: list[InputRecord]


@dataclass(slots=True, kw_only=True)
class Rounds:
    """A chunk on its way; by position: what is planned, how often it was tried, which writes were refused.

    Those `looked_for` are planned by this delivery.
    """

    stores: ExportStores
    export: Export
    number: int
    work: PreparedExport
    plan: Plan
    begun_before: bool
    planned: dict[int, PlannedRecord] = field(default_factory=dict)
    refused: dict[int, RecordRejected] = field(default_factory=dict)
    tries: Counter[int] = field(default_factory=Counter)
    looked_for: set[int] = field(default_factory=set)
    is_kept: bool = False

    def run(self, records: Sequence[InputRecord]) -> list[PlannedRecord]:
        """Writes every record; gives their plans. Transient and NeedsUser: run the chunk again, begun before.

        Whoever was overtaken in every round stays refused.
        """
        try:
            return self._run(records)
        except Exception:
            # The chunk comes again and still needs its claims, unless others have finished it meanwhile.
            if self.stores.files.has_outcomes(*self._place()):
                self._release()
            raise

    def _run(self, records: Sequence[InputRecord]) -> list[PlannedRecord]:
        if self.begun_before:
            kept = self.stores.files.read_plan(*self._place())
            self.is_kept = kept is not None
            self.planned = {each.position: each for each in kept or ()}
        todo = list(records)
        for _ in range(_ROUNDS):
            todo = self._round(todo)
            if not todo:
                break
        if any(self.tries[record.position] < _ROUNDS for record in todo):
            # Others had them for a while, or have them still.
            raise _under_way()
        return [self.planned[record.position] for record in records]

    def _round(self, todo: Sequence[InputRecord]) -> list[InputRecord]:
        """Plans and writes whose turn it is; gives the records that come again."""
        marks = self._marks(todo)
        turn = self._claim(todo, marks)
        if not turn.mine:
            raise _under_way()
        self.tries.update(record.position for record in turn.mine)
        to_write = self._plan(turn.mine)
        self.refused |= self._write(to_write)
        if marks:
            self._release()
        overtaken = _overtaken(self.planned.values(), self.refused)
        again = [record for record in turn.mine if record.position in overtaken]
        return again + turn.taken

    def _write(self, to_write: Sequence[PlannedRecord]) -> dict[int, RecordRejected]:
        work, is_end = self.work, self.stores.progress.is_all_taken(self.export.tenant, self.export.id)
        return write(work.client, work.table, to_write, work.owner, is_end=is_end)

    def _plan(self, mine: Sequence[InputRecord]) -> list[PlannedRecord]:
        """What is to be written now; the plan is kept before that. What was written before is left out."""
        positions = self._doubtful(mine)
        doubtful = [record for record in mine if record.position in positions]
        written: set[int] = set()
        if doubtful:
            again = self.plan(doubtful)
            self.looked_for.update(record.position for record in doubtful)
            if self.begun_before:
                written = written_before(self.planned, again)
            for record in again:
                self.refused.pop(record.position, None)
                if record.position not in written:
                    self.planned[record.position] = record
            self._keep()
        return [self.planned[each.position] for each in mine if each.position not in written]

    def _keep(self) -> None:
        """Keeps the plan before it is carried out: an undo goes by it, and whoever goes on with the chunk.

        A worker who slept for so long that others went on with the chunk must not put its plan over theirs.
        """
        files, place = self.stores.files, self._place()
        if self.is_kept:
            if files.has_outcomes(*place):
                raise _done_by_others()
            files.write_plan(*place, self._sorted())
            return
        self.is_kept = True
        ours = self._sorted()
        there = files.keep_plan(*place, ours)
        if there != ours:
            self.begun_before = True
            self.planned |= {each.position: each for each in there}
            files.write_plan(*place, self._sorted())

    def _release(self) -> None:
        """The people of this chunk are in Dynamics, for everybody to find."""
        self.stores.claims.release(self.export.tenant, self.export.object_type, self._claimant())

    def _sorted(self) -> list[PlannedRecord]:
        return sorted(self.planned.values(), key=lambda each: each.position)

    def _place(self) -> tuple[TenantId, ExportId, int]:
        return self.export.tenant, self.export.id, self.number

    def _marks(self, records: Iterable[InputRecord]) -> dict[int, Mark]:
        rules = self.work.rules
        marks = {
            record.position: mark_of(record, self.export.tenant, rules.object_type, rules.preferences)
            for record in records
        }
        return {position: mark for position, mark in marks.items() if mark is not None}

    def _claim(self, todo: Sequence[InputRecord], marks: Mapping[int, Mark]) -> _Turn:
        export, others = self.export, frozenset[Mark]()
        if marks:
            claims, claimant = self.stores.claims, self._claimant()
            others = claims.claim(export.tenant, export.object_type, claimant, marks.values())
        if not others:
            return _Turn(list(todo), [])
        # Records that were planned as one stay together.
        waiting = {self._first(position) for position, mark in marks.items() if mark in others}
        mine = [record for record in todo if self._first(record.position) not in waiting]
        taken = [record for record in todo if self._first(record.position) in waiting]
        return _Turn(mine, taken)

    def _first(self, position: int) -> int:
        """The record that this one is written with: itself, or an earlier one."""
        planned = self.planned.get(position)
        target = None if planned is None else _target(planned)
        return position if target is None else target

    def _doubtful(self, records: Iterable[InputRecord]) -> frozenset[int]:
        """Whose plan cannot be trusted: none, one that was overtaken, and new people of an earlier delivery.

        That one may have written them, or others while nobody claimed them.
        """
        if not self.planned:
            return frozenset(record.position for record in records)
        overtaken = _overtaken(self.planned.values(), self.refused)
        doubtful = {
            record.position
            for record in records
            if record.position not in self.planned
            or record.position in overtaken
            or (
                record.position not in self.looked_for
                and isinstance(self.planned[record.position].plan, Create)
            )
        }
        return frozenset(
            doubtful | {each.position for each in self.planned.values() if _target(each) in doubtful}
        )

    def _claimant(self) -> Claimant:
        return Claimant(self.export.id, self.number)


def written_before(planned: Mapping[int, PlannedRecord], again: Iterable[PlannedRecord]) -> set[int]:
    """Records that are there just as planned, for an earlier delivery wrote them; with those merged in."""
    again = list(again)
    own = {
        record.position
        for record in again
        if (before := planned.get(record.position)) is not None
        and isinstance(before.plan, (Create, Update))
        and record.plan == Unchanged(before.plan.id)
    }
    return own | {record.position for record in again if _target(record) in own}


def _overtaken(planned: Iterable[PlannedRecord], refused: Mapping[int, RecordRejected]) -> set[int]:
    """Records created, changed or deleted by somebody else in between, with those merged into them."""
    first = {position for position, error in refused.items() if isinstance(error, _OVERTAKEN)}
    if not first:
        return first
    return first | {record.position for record in planned if _target(record) in first}


def _target(record: PlannedRecord) -> int | None:
    return record.plan.position if isinstance(record.plan, MergedInto) else None


def _done_by_others() -> Transient:
    return Transient("doneByOthers", "Another worker has finished this part of the export.")


def _under_way() -> Transient:
    return Transient(
        "samePersonUnderWay",
        "Another part of an export is writing the same people. This part goes on by itself in a moment.",
        retry_after=_OTHERS_TAKE,
    )
