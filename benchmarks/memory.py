"""Peak memory of the functions host for a small and a large export, each on a fresh host."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import write_people
from benchmarks.stage import Measured, connected_stage

SMALL, LARGE, LARGEST = 10_000, 100_000, 1_000_000


def run(options: Options) -> Iterator[Report]:
    """The peaks, and by how much more the large ones are."""
    small, large = _measure(SMALL), _measure(LARGE)
    figures = [
        _peak(small),
        _peak(large),
        _difference(small, large, "at most 32"),
    ]
    if options.million:
        largest = _measure(LARGEST)
        figures += [_peak(largest), _difference(small, largest, "at most 16")]
    remarks = [
        "Uploaded through POST /exports/uploads; every size on a fresh stack that keeps its state on disk."
    ]
    yield Report("memory: the functions host", figures, remarks)


def _measure(records: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder, connected_stage(persistent=True) as stage:
        file = write_people(Path(folder, "people.ndjson"), range(records))
        return stage.export(file, expected={"created": records}, upload=True)


def _peak(run: Measured) -> Figure:
    rate = run.records / run.seconds
    return Figure(
        f"peak for {run.records:,}", run.peak_mib, "MiB", f"resident, sampled; {rate:,.0f} records per second"
    )


def _difference(small: Measured, large: Measured, target: str) -> Figure:
    more = large.peak_mib - small.peak_mib
    meaning = f"what {large.records:,} records need more than {small.records:,}"
    return Figure("difference", more, "MiB", meaning, target)
