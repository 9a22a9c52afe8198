"""What a record takes in small and in large exports."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.export import RECORD_SECONDS, REQUEST_SECONDS, seconds_at_least
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import write_people
from benchmarks.stage import Measured, connected_stage
from benchmarks.storage_requests import Side

_WARM_UP = 1_000
SIZES, LARGEST = (1_000, 10_000, 100_000), 1_000_000


def run(options: Options) -> Iterator[Report]:
    """Time, processor time and storage operations for a record, by size; one stack for all sizes."""
    sizes = [*SIZES, LARGEST] if options.million else SIZES
    with tempfile.TemporaryDirectory() as folder, connected_stage(persistent=True) as stage:
        file = write_people(Path(folder, "warm-up.ndjson"), range(_WARM_UP))
        stage.export(file, expected={"created": _WARM_UP})
        stage.latency(request=REQUEST_SECONDS, record=RECORD_SECONDS)
        runs = []
        for number, size in enumerate(sizes, start=1):
            first = number * 10_000_000
            file = write_people(Path(folder, "people.ndjson"), range(first, first + size))
            runs.append(stage.export(file, expected={"created": size}, upload=True))
    remark = (
        "Dataverse takes its time, as for `limit`. A small export does not fill its lanes: compare the share "
        "of the limit, and the processor time, which should be flat within 10 %."
    )
    figures = [figure for run in runs for figure in _figures(run)]
    yield Report("growth: what a record takes, by the size of its export", figures, [remark])


def _figures(run: Measured) -> Iterator[Figure]:
    size = f"{run.records:,} records"
    limit = seconds_at_least(run.records, size=run.chunk_size)
    rate = f"{run.records / run.seconds:,.0f} records per second"
    yield Figure(f"{size}: of the limit", limit / run.seconds, "", rate)
    yield Figure("time", run.seconds / run.records * 1000, "ms per record")
    host = run.cpu["host"] / run.records * 1000
    yield Figure("processor time", host, "ms per record", "of the functions host")
    service = run.operations(Side.SERVICE)
    yield Figure("storage operations", service / run.records * 1000, "per 1,000", target="at most 40")
    yield Figure("peak memory", run.peak_mib, "MiB", "of the functions host")
