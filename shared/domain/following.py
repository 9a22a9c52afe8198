"""What a person who follows an export is told: what it waits for, how fast it is, how long it will take."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.exports import Export, ExportState
from shared.domain.pace import Pace


class WaitsFor(StrEnum):
    """Who or what has to come before an export goes on."""

    TURN = "turn"
    RESUME = "resume"
    PERSON = "person"
    DYNAMICS = "dynamics"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an export waits for, and why. `until`: it goes on by itself then."""

    what: WaitsFor
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    """None where it cannot be told, or where the export stands still."""

    records_per_second: float | None = None
    seconds_left: float | None = None


UNKNOWN = Speed()
_TURN = "The export waits for its turn, or its input is being read."
_PAUSED = "Somebody paused the export. It goes on when somebody resumes it."
_THROTTLED = "Dynamics asks for fewer requests. The export goes on by itself."


def waiting(export: Export, pace: Pace, now: datetime) -> Waiting | None:
    """What the export waits for; None where it is at work, or has ended."""
    if export.state.ended:
        return None
    if export.paused:
        return Waiting(WaitsFor.RESUME, _PAUSED)
    if export.problem is not None and not pace.is_down:
        return Waiting(WaitsFor.PERSON, export.problem)
    if pace.wait(now):
        return Waiting(WaitsFor.DYNAMICS, export.problem or _THROTTLED, pace.until)
    return Waiting(WaitsFor.TURN, _TURN) if export.state is ExportState.QUEUED else None


def speed(export: Export, now: datetime) -> Speed:
    """How fast it has been since it began, or since it last went on after a pause. `counts`: those so far."""
    since = export.going_since or export.started_at
    if since is None or export.paused:
        return UNKNOWN
    elapsed = ((export.ended_at or now) - since).total_seconds()
    done = export.counts.done - export.done_before
    if elapsed <= 0 or done <= 0:
        return UNKNOWN
    each_second = done / elapsed
    left = export.total - export.counts.done
    is_known = export.total > 0 and not export.state.ended
    return Speed(round(each_second, 2), round(max(0, left) / each_second, 1) if is_known else None)
