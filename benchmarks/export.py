"""The full stack: new leads, leads of which half exist, the same again, and new ones against the limit."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import with_fax, write_people
from benchmarks.stage import AT_ONCE, Measured, Stage, connected_stage
from benchmarks.storage_requests import Side

# What reference figures elsewhere were measured with, so that ratios can be compared.
REQUEST_SECONDS, RECORD_SECONDS = 0.040, 0.002
_WARM_UP = 400
_ROUND = 10_000_000
_SERVICE_ROOT = re.compile(r"^[A-Z]+ /api/data/v[0-9.]+/?")
_MATCH_REQUESTS = 1
_FORMULA = (
    "The formula: waves of {window} chunks of {size} at once, each chunk one search and one CreateMultiple: "
    "ceil(chunks/window) * (2 * request + records of a chunk * record)."
)


@dataclass(slots=True)
class _Runs:
    """The measured exports by what they exported, one a round."""

    new: list[Measured]
    half: list[Measured]
    unchanged: list[Measured]
    limited: list[Measured]


def run(options: Options) -> Iterator[Report]:
    """The figures of every kind of export, medians of the rounds."""
    runs = _Runs([], [], [], [])
    with tempfile.TemporaryDirectory() as folder, connected_stage() as stage:
        sign_in = Counter(stage.dataverse("GET", "stats")["byShape"])
        file = write_people(Path(folder, "warm-up.ndjson"), range(_WARM_UP))
        warm_up = stage.export(file, expected={"created": _WARM_UP})
        for number in range(1, options.rounds + 1):
            _round(stage, Path(folder), runs, (number * _ROUND, options.records))
    yield _report(f"{options.records:,} new leads", runs.new, options)
    yield _report(f"{options.records:,} leads of which half exist and lack a value", runs.half, options)
    yield _report(f"{options.records:,} leads that are there already, unchanged", runs.unchanged, options)
    yield limit_report(runs.limited, options)
    yield _once_report(sign_in, warm_up)


def _round(stage: Stage, folder: Path, runs: _Runs, people: tuple[int, int]) -> None:
    first, many = people
    half = many // 2
    new = write_people(folder / "new.ndjson", range(first, first + many))
    runs.new.append(stage.export(new, expected={"created": many}))
    mixed = write_people(folder / "half.ndjson", range(first + half, first + half + many), with_fax)
    runs.half.append(stage.export(mixed, expected={"created": many - half, "updated": half}))
    runs.unchanged.append(stage.export(new, expected={"unchanged": many}))
    start = first + _ROUND // 2
    others = write_people(folder / "others.ndjson", range(start, start + many))
    stage.latency(request=REQUEST_SECONDS, record=RECORD_SECONDS)
    runs.limited.append(stage.export(others, expected={"created": many}))
    stage.latency(request=0.0, record=0.0)


def _report(title: str, runs: Sequence[Measured], options: Options) -> Report:
    thousands = options.records / 1000
    figures = [
        Figure("records per second", _median(runs, _rate), "/s", "from POST to the export's end"),
        *_cpu_figures(runs, thousands),
        Figure("peak memory", _median(runs, lambda run: run.peak_mib), "MiB", "of the functions host"),
        Figure(
            "Dataverse requests",
            _median(runs, lambda run: run.dataverse.total() / thousands),
            "per 1,000",
            _shapes(runs[-1].dataverse),
            "at most 10",
        ),
        Figure(
            "Dataverse rows",
            _median(runs, lambda run: run.rows_read / run.records),
            "per record",
            "rows found or written in all requests; one for a new record is the least",
        ),
        *_storage_figures(runs, thousands),
    ]
    return Report(f"export: {title}", figures, _details(runs[-1]) if options.details else ())


def _cpu_figures(runs: Sequence[Measured], thousands: float) -> Iterator[Figure]:
    parts = {
        "host": "the functions host with the service in it",
        "dataverse": "the Dataverse emulator",
        "azurite": "Azurite",
    }
    for name, part in parts.items():
        seconds = _median(runs, lambda run, name=name: run.cpu[name] / thousands)  # type: ignore[misc]  # mypy does not infer a lambda's default
        yield Figure(f"CPU of {name}", seconds, "s per 1,000", f"processor time of {part}")


def _storage_figures(runs: Sequence[Measured], thousands: float) -> Iterator[Figure]:
    total = _median(runs, lambda run: run.operations(Side.SERVICE) / thousands)
    kinds = {
        service: _median(runs, lambda run, service=service: run.operations(Side.SERVICE, service) / thousands)  # type: ignore[misc]  # as above
        for service in ("table", "blob", "queue")
    }
    meaning = ", ".join(f"{kind} {number:.1f}" for kind, number in kinds.items())
    yield Figure("storage operations", total, "per 1,000", f"of the service: {meaning}", "at most 40")
    own = _median(runs, lambda run: run.operations(Side.HOST) / thousands)
    yield Figure("of the host itself", own, "per 1,000", "its queue polling, deletions and leases")


def limit_report(runs: Sequence[Measured], options: Options) -> Report:
    """How near the runs came to what the latency alone allows."""
    size = runs[0].chunk_size
    limit = seconds_at_least(options.records, size=size)
    ratios = [limit / run.seconds for run in runs]
    meaning = f"time by the formula ({limit:.2f} s) over the time taken; {_spread(ratios)}"
    return Report(
        f"export: {options.records:,} new leads, Dataverse with {REQUEST_SECONDS * 1000:.0f} ms a request "
        f"and {RECORD_SECONDS * 1000:.0f} ms a record",
        [
            Figure("records per second", _median(runs, _rate), "/s", "from POST to the export's end"),
            Figure("of the limit", median(ratios), "", meaning, "at least 0.85"),
        ],
        [_FORMULA.format(window=AT_ONCE, size=size)],
    )


def seconds_at_least(records: int, *, size: int) -> float:
    """The time that the latency alone allows: waves of chunks, each with its search and its write."""
    waves = ceil(ceil(records / size) / AT_ONCE)
    return waves * (REQUEST_SECONDS * (_MATCH_REQUESTS + 1) + RECORD_SECONDS * size)


def _once_report(sign_in: Counter[str], warm_up: Measured) -> Report:
    return Report(
        "export: requests that do not depend on the number of records",
        [
            Figure("signing in", sign_in.total(), "requests", _shapes(sign_in)),
            Figure(
                f"first export, {_WARM_UP} leads",
                warm_up.dataverse.total(),
                "requests",
                f"the table's metadata among them: {_shapes(warm_up.dataverse)}",
            ),
        ],
    )


def _details(run: Measured) -> list[str]:
    lines = [f"{many:>6}  {' '.join(kind)}" for kind, many in run.storage.most_common()]
    return ["requests to storage in the last round:", *lines]


def _shapes(counts: Counter[str]) -> str:
    short: Counter[str] = Counter()
    for shape, many in counts.items():
        below = _SERVICE_ROOT.sub("", shape)
        short[below.rpartition(".")[2] or "to the service root"] += many
    return ", ".join(f"{many} {name}" for name, many in short.most_common())


def _rate(run: Measured) -> float:
    return run.records / run.seconds


def _median(runs: Sequence[Measured], of: Callable[[Measured], float]) -> float:
    return median(of(run) for run in runs)


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f} in {len(values)} rounds"
