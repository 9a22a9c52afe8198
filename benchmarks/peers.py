"""Ours through the full stack against what else writes to Dataverse, in turns, against the same emulator."""

import json
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import orjson

from benchmarks.export import RECORD_SECONDS, REQUEST_SECONDS
from benchmarks.figures import Figure, Report
from benchmarks.lead_columns import usual_mapping
from benchmarks.options import Options
from benchmarks.peer_clients import AT_ONCE, CHUNK, PEERS, TOKEN
from benchmarks.people import person, write_people
from benchmarks.stage import Stage, connected_stage
from benchmarks.tap import tapped
from local.callers import loopback_session
from local.certificates import Certificates, make_certificates
from local.errors import DevError
from local.world import read_organization

# Not among the requirements: where it is installed, Azure's storage libraries import it, and start later.
_AIOHTTP = "aiohttp==3.14.5"
_OURS = "ours"
_WARM_UP = 400
_LOOP_RECORDS = 300
_ROUND = 10_000_000
_TURN = 1_000_000
_TIMEOUT_SECONDS = 300
_NAMES = {
    _OURS: "ours: the API, queues, matching, outcomes, storage",
    "sdk_list": "Microsoft's SDK: create(list)",
    "sdk_async": f"Microsoft's SDK, async: chunks of {CHUNK}, {AT_ONCE} at once",
    "batch": f"$batch of {CHUNK}, {AT_ONCE} at once",
    "loop": f"one POST a record, of {_LOOP_RECORDS}",
}


@dataclass(frozen=True, slots=True)
class _Run:
    records: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        return self.records / self.seconds

    @property
    def cpu_per_thousand(self) -> float:
        return self.cpu / self.records * 1000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the peers run: https for the SDK, which takes nothing else, plain http for the others."""

    folder: Path
    http: str
    https: str
    environment: Mapping[str, str]


def run(options: Options) -> Iterator[Report]:
    """Each of them once a round, all with the same people's leads; medians of the rounds."""
    runs: dict[str, list[_Run]] = {name: [] for name in _NAMES}
    with tempfile.TemporaryDirectory() as temporary, connected_stage() as stage:
        folder = Path(temporary)
        with _place(stage, folder) as place:
            warm_up = write_people(folder / "warm-up.ndjson", range(_WARM_UP))
            stage.export(warm_up, expected={"created": _WARM_UP})
            stage.latency(request=REQUEST_SECONDS, record=RECORD_SECONDS)
            for number in range(1, options.rounds + 1):
                runs[_OURS].append(
                    _ours(stage, folder, range(number * _ROUND, number * _ROUND + options.records))
                )
                for turn, name in enumerate(PEERS, start=1):
                    many = min(options.records, _LOOP_RECORDS) if name == "loop" else options.records
                    first = number * _ROUND + turn * _TURN
                    runs[name].append(_peer(place, name, range(first, first + many)))
    yield _report(runs, options)


def _ours(stage: Stage, folder: Path, numbers: range) -> _Run:
    file = write_people(folder / "ours.ndjson", numbers)
    measured = stage.export(file, expected={"created": len(numbers)})
    return _Run(len(numbers), measured.seconds, measured.cpu["host"])


def _peer(place: _Place, name: str, numbers: range) -> _Run:
    """The peer in a process of its own, with rows that are mapped already."""
    mapping = usual_mapping()
    file = place.folder / "rows.json"
    file.write_bytes(orjson.dumps([mapping.creation(mapping.map(person(number))) for number in numbers]))
    address = place.https if name.startswith("sdk") else place.http
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peer_clients", name, address, str(file)],
        env=dict(place.environment),
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode:
        raise DevError(f"the peer {name} failed:\n{done.stderr[-2000:]}")
    took = json.loads(done.stdout.splitlines()[-1])
    return _Run(len(numbers), took["seconds"], took["cpu"])


@contextmanager
def _place(stage: Stage, folder: Path) -> Iterator[_Place]:
    certificates = make_certificates(folder / "certificates")
    environment = {
        **os.environ,
        TOKEN: _token(stage),
        "REQUESTS_CA_BUNDLE": str(certificates.authority),
        "SSL_CERT_FILE": str(certificates.authority),
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join((str(_aiohttp(folder / "packages")), os.environ.get("PYTHONPATH", ""))),
    }
    port = int(stage.stack.dataverse.rpartition(":")[2])
    with tapped({"tls": port}, lambda *_: None, tls=_tls(certificates)) as taps:
        yield _Place(folder, stage.stack.dataverse, f"https://127.0.0.1:{taps['tls']}", environment)


def _tls(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)
    return context


def _aiohttp(folder: Path) -> Path:
    """Where the asynchronous SDK finds what it needs beside the requirements."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), _AIOHTTP]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(f"{_AIOHTTP} cannot be installed for Microsoft's async client:\n{done.stderr[-2000:]}")
    return folder


def _token(stage: Stage) -> str:
    """A token of the demo application, let in as an administrator would let a service in."""
    organization = read_organization()
    host = organization.url.removeprefix("https://")
    application = {
        "applicationId": organization.client_id,
        "name": "Peers",
        "roles": ["System Administrator"],
    }
    stage.dataverse("POST", f"users?organization={host}", application)
    with loopback_session() as session:
        answer = session.post(
            f"{stage.stack.entra}/{organization.directory}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_id": organization.client_id,
                "client_secret": organization.client_secret,
                "scope": f"{organization.url}/.default",
            },
            timeout=_TIMEOUT_SECONDS,
        )
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _report(runs: Mapping[str, Sequence[_Run]], options: Options) -> Report:
    return Report(
        f"peers: {options.records:,} new leads, Dataverse with {REQUEST_SECONDS * 1000:.0f} ms a request, "
        f"{RECORD_SECONDS * 1000:.0f} ms a record, 52 at once",
        [
            *(
                Figure(
                    name,
                    median(each.rate for each in runs[name]),
                    "records/s",
                    f"{meaning}; {median(each.cpu_per_thousand for each in runs[name]):.3f} CPU s per 1,000",
                )
                for name, meaning in _NAMES.items()
            ),
            Figure("ours / create(list)", _times(runs, "sdk_list"), "", "rates", "at least 5"),
            Figure("ours / async", _times(runs, "sdk_async"), "", "rates", "at least 0.85"),
            Figure(
                "CPU, ours / async", _cpu_times(runs, "sdk_async"), "", "per 1,000 records", "at most 2.5"
            ),
            Figure("CPU, ours / create(list)", _cpu_times(runs, "sdk_list"), "", "per 1,000 records"),
            Figure("CPU, ours / $batch", _cpu_times(runs, "batch"), "", "per 1,000 records"),
        ],
        [
            "Ratios are medians of those of each round. Ours is measured from POST to the export's end.",
            "Its processor time is that of the whole functions host. The peers get rows that are mapped",
            "already, and neither match nor keep anything; the SDK speaks https through a tap.",
        ],
    )


def _times(runs: Mapping[str, Sequence[_Run]], peer: str) -> float:
    return median(one.rate / two.rate for one, two in zip(runs[_OURS], runs[peer], strict=True))


def _cpu_times(runs: Mapping[str, Sequence[_Run]], peer: str) -> float:
    pairs = zip(runs[_OURS], runs[peer], strict=True)
    return median(one.cpu_per_thousand / two.cpu_per_thousand for one, two in pairs)
