"""A sustained export through the full stack while service protection is on."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.budget import least_share
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import write_people
from benchmarks.stage import Measured, Stage, connected_stage
from local.errors import DevError

_WARM_UP = 1_000
_RECORDS = 240_000
"""Two windows' worth and a bit, with what is under way when each of them is used up."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """Those of the service, and the latency, so many times as fast."""

    faster: int

    @property
    def latency(self) -> tuple[float, float]:
        """Seconds of a request, and of a record."""
        return 0.040 / self.faster, 0.011 / self.faster

    @property
    def window(self) -> int:
        """Seconds."""
        return 300 // self.faster

    @property
    def granted(self) -> float:
        """Seconds of execution in a window."""
        return 1200 / self.faster

    def put(self, stage: Stage) -> None:
        """Puts them in force."""
        request, record = self.latency
        stage.latency(request=request, record=record)
        limits = {"requests": 6000 // self.faster, "seconds": self.granted, "window": self.window}
        stage.dataverse("PUT", "limits", {**limits, "concurrent": 52})


def run(options: Options) -> Iterator[Report]:
    """The share of the execution time that was used, and of requests that were refused."""
    limits = _Limits(1 if options.full_window else 5)
    with tempfile.TemporaryDirectory() as folder, connected_stage(persistent=True) as stage:
        file = write_people(Path(folder, "warm-up.ndjson"), range(_WARM_UP))
        stage.export(file, expected={"created": _WARM_UP})
        limits.put(stage)
        before = len(stage.journal())
        file = write_people(Path(folder, "people.ndjson"), range(10**7, 10**7 + _RECORDS))
        done = stage.export(file, expected={"created": _RECORDS}, upload=True)
        requests = stage.journal()[before:]
    yield Report(
        f"protection: {_RECORDS:,} new leads at 11 ms a record, limits of execution time on",
        _figures(limits, done, requests),
        [_remark(limits)],
    )


def _figures(limits: _Limits, done: Measured, requests: Sequence[dict[str, Any]]) -> list[Figure]:
    admitted = [each for each in requests if each["status"] != 429]
    refused = len(requests) - len(admitted)
    began = min(each["at"] - each["ms"] / 1000 for each in admitted)
    charges = [(each["at"] - began, each["ms"] / 1000) for each in admitted]
    rate = limits.granted / limits.window
    least = least_share(charges, rate=rate, after=2 * limits.window)
    if max(moment for moment, _ in charges) <= 2 * limits.window:
        raise DevError(
            "the export ended within two windows of the limits: that says nothing of a lasting one."
        )
    request, record = limits.latency
    used = sum(seconds for _, seconds in charges) / (rate * done.seconds)
    asked = (len(admitted) * request + _RECORDS * record) / (rate * done.seconds)
    speed = f"{_RECORDS / done.seconds:,.0f} records per second for {done.seconds:,.0f} s"
    return [
        Figure("of the time granted", least * 100, "%", "at the least favourable moment", "at least 95"),
        Figure("in the whole run", used * 100, "%", speed),
        Figure("latency alone", asked * 100, "%", "the same without the emulator's own work"),
        Figure(
            "answered 429", refused / len(requests) * 100, "%", f"{refused} of {len(requests)}", "below 1"
        ),
    ]


def _remark(limits: _Limits) -> str:
    """How to read it."""
    scale = "The limits are those of the service"
    if limits.faster > 1:
        scale = f"Window, limits and latency are {limits.faster} times as fast as the service's"
    return (
        f"{scale}: {limits.granted:.0f} s of execution in {limits.window} s. The time used is what the "
        "emulator charges: the latency asked for and its own work, the more the busier the machine is. The "
        "least favourable moment after two windows is the end of a pause; who ends in a burst has used more."
    )
