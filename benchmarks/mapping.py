"""The mapping engine alone: records mapped and compared, against json.dumps of the same payloads."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Report
from benchmarks.lead_columns import usual_mapping, wide_mapping
from benchmarks.options import Options
from benchmarks.people import Person, person
from benchmarks.wide_people import wide_person
from shared.domain.compiled import CompiledMapping

_RECORDS = 2_000
_ROUNDS = 9
_TARGET = "at most 2.5"


def run(_options: Options) -> Iterator[Report]:
    """The figures of both mappings."""
    yield _report("the default lead mapping", usual_mapping(), [person(n) for n in range(_RECORDS)])
    yield _report("40 fields onto 30 columns", wide_mapping(), [wide_person(n) for n in range(_RECORDS)])


def _report(title: str, mapping: CompiledMapping, people: Sequence[Person]) -> Report:
    payloads = [mapping.creation(mapping.map(each)) for each in people]
    existing = [_existing(payload) for payload in payloads]
    changes = [
        mapping.changes(mapping.map(each, present=known), known)
        for each, known in zip(people, existing, strict=True)
    ]

    def create() -> None:
        for each in people:
            mapping.creation(mapping.map(each))

    def compare() -> None:
        for each, known in zip(people, existing, strict=True):
            mapping.changes(mapping.map(each, present=known), known)

    def dump() -> None:
        for payload in payloads:
            json.dumps(payload)

    times = _interleaved(create, compare, dump)
    ratios = [(created / dumped, compared / dumped) for created, compared, dumped in zip(*times, strict=True)]
    created, compared, _ = (_RECORDS / median(each) for each in times)
    return Report(
        f"mapping: {title}",
        [
            Figure("creating", created, "records/s", f"{_width(payloads):.1f} columns a record"),
            Figure(
                "of json.dumps", median(one for one, _ in ratios), "", "time over that of json.dumps", _TARGET
            ),
            Figure("comparing", compared, "records/s", f"{_width(changes):.1f} columns a record change"),
            Figure(
                "of json.dumps", median(two for _, two in ratios), "", "over the same json.dumps", _TARGET
            ),
        ],
    )


def _existing(payload: dict[str, Any]) -> dict[str, Any]:
    """A record that lacks every other value and has another job title."""
    kept = dict(list(payload.items())[::2])
    return {**dict.fromkeys(payload), **kept, "jobtitle": "Intern"}


def _width(rows: Sequence[dict[str, Any]]) -> float:
    return sum(map(len, rows)) / len(rows)


def _interleaved(*works: Callable[[], None]) -> list[list[float]]:
    """The times of each work, taken in turns so that a busy moment of the machine falls on all of them."""
    times: list[list[float]] = [[] for _ in works]
    gc.disable()
    try:
        for _ in range(_ROUNDS):
            for work, taken in zip(works, times, strict=True):
                started = time.thread_time()
                work()
                taken.append(time.thread_time() - started)
    finally:
        gc.enable()
    return times
