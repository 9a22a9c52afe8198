"""One tenant's small exports, alone and while another tenant's large export runs."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.export import RECORD_SECONDS, REQUEST_SECONDS
from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from benchmarks.people import write_people
from benchmarks.stage import Stage, connected_stage
from local.api_client import ApiClient
from local.callers import caller_token
from local.demo.connecting import connect, tenant_admin

OTHER = "fabrikam"
SMALL = 10
LARGE, LARGEST = 100_000, 1_000_000
_CHUNK = 500
_TIMES = 5
_POLL_SECONDS = 0.05


def run(options: Options) -> Iterator[Report]:
    """How much longer the small exports take; Dataverse takes its time, as for `limit`."""
    large = LARGEST if options.million else LARGE
    with tempfile.TemporaryDirectory() as folder, connected_stage(persistent=True) as stage:
        client = _connected(stage)
        files = [
            write_people(Path(folder, f"{number}.ndjson"), range(number * SMALL, (number + 1) * SMALL))
            for number in range(2 * _TIMES + 1)
        ]
        stage.latency(request=REQUEST_SECONDS, record=RECORD_SECONDS)
        _seconds(client, files.pop())
        alone = [_seconds(client, files.pop()) for _ in range(_TIMES)]
        big = write_people(Path(folder, "large.ndjson"), range(10**8, 10**8 + large))
        running = stage.upload(big)
        while not stage.client.get(f"/exports/{running}")["counts"]["created"]:
            time.sleep(_POLL_SECONDS)
        beside = [_seconds(client, files.pop()) for _ in range(_TIMES)]
        still = stage.client.get(f"/exports/{running}")
        stage.client.send("POST", f"/exports/{running}/cancel")
    yield _report(alone, beside, still)


def _report(alone: list[float], beside: list[float], still: dict[str, Any]) -> Report:
    chunk = 2 * REQUEST_SECONDS + RECORD_SECONDS * _CHUNK
    most = 2 * median(alone) + chunk
    under_way = f"while {still['counts']['created']:,} of {still['counts']['total']:,} records were done"
    ended = "" if still["endedAt"] is None else " The large export was over too early: take more records."
    return Report(
        f"fairness: {SMALL} records of one tenant beside a large export of another",
        [
            Figure("alone", median(alone), "s", f"{min(alone):.2f} to {max(alone):.2f} in {_TIMES} exports"),
            Figure(
                "beside it",
                median(beside),
                "s",
                f"{min(beside):.2f} to {max(beside):.2f}, {under_way}",
                f"at most {most:.2f}",
            ),
        ],
        [f"The target is twice the time alone and one chunk of {_CHUNK} ({chunk:.2f} s).{ended}"],
    )


def _connected(stage: Stage) -> ApiClient:
    """The other tenant, connected to its own organization."""
    description = stage.stack.description
    tenant = next(each for each in description.demo["tenants"] if each["id"] == OTHER)
    admin = tenant_admin(description, OTHER)
    client = ApiClient(stage.stack.api, caller_token(stage.stack.entra, OTHER, admin["id"]))
    for _ in connect(client, replace(description, organization_url=tenant["organizationUrl"]), admin):
        pass
    return client


def _seconds(client: ApiClient, file: Path) -> float:
    """From the export's acceptance to its end."""
    export_id = client.start_export(file, "lead")
    while (export := client.get(f"/exports/{export_id}"))["endedAt"] is None:
        time.sleep(_POLL_SECONDS)
    begun, ended = (datetime.fromisoformat(export[name]) for name in ("createdAt", "endedAt"))
    return (ended - begun).total_seconds()
