"""An export, its chunks and the outcome of each record: states, transitions and counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.domain.errors import Problem
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.match_decisions import Match


class ExportState(StrEnum):
    """Where an export stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    COMPLETED_WITH_ERRORS = "completedWithErrors"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return not _NEXT[self]


_NEXT: dict[ExportState, frozenset[ExportState]] = {
    ExportState.QUEUED: frozenset({ExportState.RUNNING, ExportState.FAILED, ExportState.CANCELLED}),
    ExportState.RUNNING: frozenset(
        {
            ExportState.SUCCEEDED,
            ExportState.COMPLETED_WITH_ERRORS,
            ExportState.FAILED,
            ExportState.CANCELLED,
        },
    ),
    ExportState.SUCCEEDED: frozenset(),
    ExportState.COMPLETED_WITH_ERRORS: frozenset(),
    ExportState.FAILED: frozenset(),
    ExportState.CANCELLED: frozenset(),
}


def may_follow(before: ExportState, after: ExportState) -> bool:
    """Whether an export may go from one state to the other."""
    return after in _NEXT[before]


class OutcomeKind(StrEnum):
    """What became of one vendor record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the record at `position` (from 1) of an export, and why.

    `match`: how it was decided which record of Dynamics it is; None where nothing was found.
    """

    position: int
    vendor_id: str | None
    kind: OutcomeKind
    dynamics_id: str | None = None
    code: str | None = None
    reason: str | None = None
    column: str | None = None
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Records by outcome."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        return self.created + self.updated + self.unchanged + self.skipped + self.failed

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            skipped=self.skipped + other.skipped,
            failed=self.failed + other.failed,
        )


def count(outcomes: Iterable[Outcome]) -> Counts:
    """How often each outcome occurs."""
    by_kind = Counter(outcome.kind for outcome in outcomes)
    return Counts(**{kind.value: by_kind[kind] for kind in OutcomeKind})


class ChunkState(StrEnum):
    """Where a chunk stands. `RUNNING` holds until its lease ends; then another delivery may take over."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A bounded slice of an export: the unit of queued work. Chunks and records count from 1.

    `first` is the position of its first record, `touched_at` when a worker last had it.
    """

    export: ExportId
    number: int
    first: int
    records: int
    state: ChunkState = ChunkState.PENDING
    lease_until: datetime | None = None
    touched_at: datetime | None = None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One job: many vendor records of one object, pushed into the organization.

    `undo_of`: it takes back what that export changed, and `undone_by` is the latest that did so to this one.
    `paused`: a person holds it up, until a person lets it go on. Then `going_since` is that moment, and
    `done_before` how many records had an outcome by then: the pause does not count into the speed.
    """

    id: ExportId
    tenant: TenantId
    object_type: ObjectType
    state: ExportState
    requested_by: UserId
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    dry_run: bool = False
    media_type: str = "application/x-ndjson"
    mapping_version: int = 0
    retry_of: ExportId | None = None
    undo_of: ExportId | None = None
    undone_by: ExportId | None = None
    paused: bool = False
    going_since: datetime | None = None
    done_before: int = 0
    chunks: int = 0
    total: int = 0
    window: int = 1
    counts: Counts = field(default_factory=Counts)
    problem: str | None = None
    warnings: tuple[Problem, ...] = ()
    contents_deleted: bool = False

    @property
    def progress(self) -> float:
        """Share of the records that have an outcome, 0 to 1."""
        if self.state.ended:
            return 1.0
        return self.counts.done / self.total if self.total else 0.0


def end_state(counts: Counts, *, cancelled: bool) -> ExportState:
    """The state in which an export ends whose every record has an outcome."""
    if cancelled:
        return ExportState.CANCELLED
    if counts.failed == 0:
        return ExportState.SUCCEEDED
    if counts.failed == counts.done:
        return ExportState.FAILED
    return ExportState.COMPLETED_WITH_ERRORS
