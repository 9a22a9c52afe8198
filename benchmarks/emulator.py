"""The Dataverse emulator by itself, against bare SQLite: it must not be what the other benchmarks measure."""

import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from statistics import median
from typing import Any

import orjson

from benchmarks.figures import Figure, Report
from benchmarks.lead_columns import usual_mapping
from benchmarks.options import Options
from benchmarks.people import person
from local.callers import loopback_session

_ROWS = 500
_ROUNDS = 15
_KIND = "Microsoft.Dynamics.CRM.lead"
_PATH = "/api/data/v9.2/leads/Microsoft.Dynamics.CRM.CreateMultiple"
_TIMEOUT_SECONDS = 60

Row = dict[str, Any]


def run(_options: Options) -> Iterator[Report]:
    """The time of CreateMultiple over that of inserting the same rows."""
    with running() as address, closing(sqlite3.connect(":memory:")) as bare, loopback_session() as session:

        def create(rows: Sequence[Row]) -> None:
            body = orjson.dumps({"Targets": [{"@odata.type": _KIND, **row} for row in rows]})
            headers = {"Content-Type": "application/json"}
            answer = session.post(address + _PATH, body, headers=headers, timeout=_TIMEOUT_SECONDS)
            answer.raise_for_status()

        parts = [_rows(number * _ROWS) for number in range(_ROUNDS + 1)]
        columns = sorted({name for rows in parts for row in rows for name in row})
        bare.execute(f"CREATE TABLE lead ({', '.join(columns)}, PRIMARY KEY (leadid))")
        create(parts[0])
        times = [(_timed(create, rows), _timed(_inserter(bare, columns), rows)) for rows in parts[1:]]
    yield _report(times)


def _report(times: Sequence[tuple[float, float]]) -> Report:
    rate = _ROWS / median(one for one, _ in times)
    ratio = median(one / two for one, two in times)
    return Report(
        "emulator: the Dataverse emulator alone, no latency",
        [
            Figure(
                "CreateMultiple", rate, "records/s", f"of {_ROWS}, one request after the other, over HTTP"
            ),
            Figure(
                "of bare SQLite", ratio, "", "time over that of inserting the same rows in one transaction"
            ),
        ],
        ["It should be several times faster than the full stack is: compare with `export`."],
    )


def _rows(first: int) -> list[Row]:
    mapping = usual_mapping()
    people = (person(number) for number in range(first, first + _ROWS))
    return [{"leadid": str(uuid.uuid4()), **mapping.creation(mapping.map(each))} for each in people]


def _inserter(bare: sqlite3.Connection, columns: Sequence[str]) -> Any:
    marks = ", ".join(f":{name}" for name in columns)

    def insert(rows: Sequence[Row]) -> None:
        empty = dict.fromkeys(columns)
        with bare:
            bare.executemany(f"INSERT INTO lead VALUES ({marks})", [{**empty, **row} for row in rows])  # noqa: S608 - names are the benchmark's own

    return insert


def _timed(work: Any, rows: Sequence[Row]) -> float:
    started = time.perf_counter()
    work(rows)
    return time.perf_counter() - started


@contextmanager
def running() -> Iterator[str]:
    """The address of an emulator that lets everybody in, as long as the block lasts."""
    command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0", "--anonymous"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.split()[-1]
        finally:
            process.terminate()
