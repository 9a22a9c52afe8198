"""A progress bar for an export: drawn in place on a terminal, in plain lines now and then elsewhere."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TextIO

_BAR_WIDTH = 20
_PLAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: its share from 0 to 1, and the finished records by outcome."""

    total: int
    counts: Mapping[str, int]
    share: float
    note: str = ""

    @property
    def done(self) -> int:
        """The records that have an outcome."""
        return sum(self.counts.values())


class ProgressDisplay:
    """Shows one export's progress on one stream."""

    def __init__(self, label: str, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """The clock tells seconds; time starts to count now."""
        self._label = label
        self._stream = stream
        self._clock = clock
        self._started = clock()
        self._live = stream.isatty()
        self._due = self._started
        self._unfinished_line = False

    def show(self, progress: Progress) -> None:
        """Redraws the bar, or prints a line when the last one is some seconds old."""
        now = self._clock()
        line = progress_line(self._label, progress, now - self._started, filled_with=self._blocks())
        if self._live:
            self._stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
            self._unfinished_line = True
        elif now >= self._due:
            self._stream.write(line + "\n")
            self._due = now + _PLAIN_SECONDS
        self._stream.flush()

    def finish(self, progress: Progress) -> None:
        """Shows the last state for good."""
        self._due = self._clock()
        self.show(progress)
        self.leave()

    def leave(self) -> None:
        """Ends the bar's line, so that something else can be printed."""
        if self._unfinished_line:
            self._stream.write("\n")
            self._unfinished_line = False

    def _blocks(self) -> str:
        return "█░" if (self._stream.encoding or "").lower().startswith("utf") else "#."


def progress_line(label: str, progress: Progress, seconds: float, *, filled_with: str = "█░") -> str:
    """The state of an export in one line; `filled_with` has the signs for done and not done."""
    filled = round(progress.share * _BAR_WIDTH)
    full, empty = filled_with[0], filled_with[1]
    parts = [
        f"{label:<9} {full * filled}{empty * (_BAR_WIDTH - filled)} {progress.share:4.0%}",
        f"{progress.done:,} of {progress.total:,}",
        _speed(progress, seconds),
        progress.note,
        # Last, because a narrow terminal cuts the end off.
        ", ".join(f"{count:,} {outcome}" for outcome, count in progress.counts.items() if count),
    ]
    return "  ".join(part for part in parts if part)


def _speed(progress: Progress, seconds: float) -> str:
    if not progress.done or seconds <= 0:
        return ""
    rate = progress.done / seconds
    left = max(0, progress.total - progress.done) / rate
    return f"{rate:,.0f}/s" + (f"  {_clock_time(left)} left" if left else f"  in {_clock_time(seconds)}")


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
