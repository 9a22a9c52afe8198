"""What protecting people's edits costs: the same exports with protected columns, and with others."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import Person, person, write_people
from benchmarks.stage import Measured, Stage, connected_stage
from benchmarks.storage_requests import Side

_WARM_UP = 400
_ROUND, _HALF_ROUND = 10_000_000, 5_000_000
_COLUMNS = frozenset({"jobtitle", "companyname", "mobilephone"})
_REMARK = (
    f"{len(_COLUMNS)} columns are protected. Changed leads have a new job title, so that what was written "
    "last has to be known. Both kinds of export take turns; the ledger has a row for each protected lead."
)


@dataclass(slots=True)
class _Runs:
    """The measured exports of one mapping, one a round."""

    new: list[Measured] = field(default_factory=list)
    changed: list[Measured] = field(default_factory=list)


def run(options: Options) -> Iterator[Report]:
    """Storage operations and time, with and without."""
    plain, protected = _Runs(), _Runs()
    with tempfile.TemporaryDirectory() as folder, connected_stage() as stage:
        file = write_people(Path(folder, "warm-up.ndjson"), range(_WARM_UP))
        stage.export(file, expected={"created": _WARM_UP})
        for number in range(1, options.rounds + 1):
            start = number * _ROUND
            _round(stage, Path(folder), plain, range(start, start + options.records), protect=False)
            start += _HALF_ROUND
            _round(stage, Path(folder), protected, range(start, start + options.records), protect=True)
    yield _report(f"{options.records:,} new leads", plain.new, protected.new)
    yield _report(f"{options.records:,} leads with another job title", plain.changed, protected.changed)


def _round(stage: Stage, folder: Path, runs: _Runs, numbers: range, *, protect: bool) -> None:
    _save(stage, protect=protect)
    file = folder / "people.ndjson"
    runs.new.append(stage.export(write_people(file, numbers), expected={"created": len(numbers)}))
    promoted = write_people(file, numbers, _promoted)
    runs.changed.append(stage.export(promoted, expected={"updated": len(numbers)}))


def _save(stage: Stage, *, protect: bool) -> None:
    rows: list[dict[str, Any]] = stage.client.get("/mappings/lead")["rows"]
    for row in rows:
        if row["column"] in _COLUMNS:
            row |= {"updateOption": "overwrite", "protectEdits": protect}
    stage.client.send("PUT", "/mappings/lead", {"rows": rows}, **{"If-Match": "*"})


def _promoted(number: int) -> Person:
    known = person(number)
    return {**known, "jobTitle": f"Former {known['jobTitle']}"}


def _report(what: str, plain: Sequence[Measured], protected: Sequence[Measured]) -> Report:
    ratios = [with_it.seconds / without.seconds for with_it, without in zip(protected, plain, strict=True)]
    return Report(
        f"edits: {what}",
        [
            Figure("storage operations", _operations(protected), "per 1,000", "with protected edits"),
            Figure("without them", _operations(plain), "per 1,000", "the same columns overwritten"),
            Figure("time", median(ratios), "", "with protected edits over without"),
            Figure("CPU of host", _cpu(protected), "s per 1,000", f"without them {_cpu(plain):.3f}"),
        ],
        [_REMARK],
    )


def _operations(runs: Sequence[Measured]) -> float:
    return median(run.operations(Side.SERVICE) / run.records * 1000 for run in runs)


def _cpu(runs: Sequence[Measured]) -> float:
    return median(run.cpu["host"] / run.records * 1000 for run in runs)
