"""Whether the Dataverse emulator still answers at once when a table holds a million rows (`--million`)."""

import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import psutil
import requests

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.callers import loopback_session

_MILLION = 1_000_000
_FEW = 1_000
_AT_ONCE = 500
_ASKED = 60
_API = "/api/data/v9.2/"
_KIND = "Microsoft.Dynamics.CRM.account"
_TIMEOUT_SECONDS = 120
_BYTES = 1024 * 1024

Get = Callable[[str], Any]


def run(options: Options) -> Iterator[Report]:
    """The time of each look-up in a large table, and over its time in a small one."""
    total = _MILLION if options.million else max(options.records, 10 * _FEW)
    with tempfile.TemporaryDirectory() as folder, _running(Path(folder)) as (address, process):
        with loopback_session() as session:
            _fill(session, address, 0, _FEW)
            small = _times(_getter(session, address), _FEW)
            started = time.perf_counter()
            _fill(session, address, _FEW, total)
            rate = (total - _FEW) / (time.perf_counter() - started)
            large = _times(_getter(session, address), total)
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / _BYTES
        memory = psutil.Process(process.pid).memory_info().rss / _BYTES
    yield Report(
        f"emulator_scale: one table with {total:,} rows",
        [
            Figure("filling", rate, "rows/s", f"CreateMultiple of {_AT_ONCE}, one request after the other"),
            *(
                Figure(
                    name,
                    large[name],
                    "ms",
                    f"median of {_ASKED}; {large[name] / small[name]:.1f} times that in {_FEW:,} rows",
                )
                for name in large
            ),
            Figure("on disk", size, "MiB", "the SQLite file with its indexes"),
            Figure("in memory", memory, "MiB", "of the emulator's process"),
        ],
        ["Look-ups by indexed columns should not depend on the size of the table; searching in texts does."],
    )


def _fill(session: requests.Session, address: str, first: int, end: int) -> None:
    for start in range(first, end, _AT_ONCE):
        rows = [{"@odata.type": _KIND, **_row(number)} for number in range(start, min(start + _AT_ONCE, end))]
        answer = session.post(
            f"{address}{_API}accounts/Microsoft.Dynamics.CRM.CreateMultiple",
            orjson.dumps({"Targets": rows}),
            headers={"Content-Type": "application/json"},
            timeout=_TIMEOUT_SECONDS,
        )
        answer.raise_for_status()


def _row(number: int) -> dict[str, Any]:
    return {
        "accountid": _id(number),
        "name": f"Company {number}",
        "emailaddress1": f"office@company{number}.example",
        "websiteurl": f"https://www.company{number}.example",
        "telephone1": f"+49 30 {number:07}",
        "address1_city": "Berlin",
        "numberofemployees": number % 10_000,
    }


def _id(number: int) -> str:
    """An id at a random place of the index, the same for the same number."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))


def _times(get: Get, total: int) -> dict[str, float]:
    """Milliseconds of each kind of question, about rows all over the table."""
    numbers = [number * 7919 % total for number in range(1, _ASKED + 1)]
    filters = "accounts?$select=name&$filter="
    questions: dict[str, Callable[[int], str]] = {
        "by e-mail": lambda n: f"{filters}emailaddress1 eq 'Office@Company{n}.example'",
        "by name": lambda n: f"{filters}name eq 'company {n}'",
        "by website": lambda n: f"{filters}websiteurl eq 'https://www.company{n}.example'",
        "by id": lambda n: f"accounts({_id(n)})?$select=name",
        "by id in a filter": lambda n: f"{filters}accountid eq {_id(n)}",
        "50 e-mails with In": lambda n: _in(total, n),
    }
    return {name: _asked(get, [question(n) for n in numbers]) for name, question in questions.items()}


def _in(total: int, number: int) -> str:
    mails = ",".join(f"'office@company{(number + step * 31) % total}.example'" for step in range(50))
    function = "Microsoft.Dynamics.CRM.In"
    return f"accounts?$select=name&$filter={function}(PropertyName='emailaddress1',PropertyValues=[{mails}])"


def _asked(get: Get, paths: Sequence[str]) -> float:
    times: list[float] = []
    for path in paths:
        started = time.perf_counter()
        found = get(path)
        times.append(time.perf_counter() - started)
        assert found.get("value", [found]), path
    return median(times) * 1000


def _getter(session: requests.Session, address: str) -> Get:
    def get(path: str) -> Any:
        answer = session.get(address + _API + path, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.json()

    return get


@contextmanager
def _running(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """An emulator with its rows in a folder, open to everybody, as long as the block lasts."""
    command = [sys.executable, "-m", "local.emulators.dataverse", "--port", "0", "--anonymous"]
    with subprocess.Popen([*command, "--state", str(folder)], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.split()[-1], process
        finally:
            process.terminate()
