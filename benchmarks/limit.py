"""New leads through the full stack while Dataverse takes its time, against what that time alone allows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.export import RECORD_SECONDS, REQUEST_SECONDS, limit_report
from benchmarks.figures import Report
from benchmarks.options import Options
from benchmarks.people import write_people
from benchmarks.stage import Measured, connected_stage

_WARM_UP = 4_000


def run(options: Options) -> Iterator[Report]:
    """The same formula as `export`, and nothing else: quick enough to be repeated."""
    runs: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, connected_stage() as stage:
        file = write_people(Path(folder, "warm-up.ndjson"), range(_WARM_UP))
        stage.export(file, expected={"created": _WARM_UP})
        stage.latency(request=REQUEST_SECONDS, record=RECORD_SECONDS)
        for number in range(1, options.rounds + 1):
            first = number * 10_000_000
            file = write_people(Path(folder, "people.ndjson"), range(first, first + options.records))
            runs.append(stage.export(file, expected={"created": options.records}))
    yield limit_report(runs, options)
