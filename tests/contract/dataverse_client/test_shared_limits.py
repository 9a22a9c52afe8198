"""Eight processes write for one tenant: the limits of Dynamics hold in each window, nobody asks too early."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.storage.queue import QueueClient
from dataverse_organizations import ADA, CHECKOUT, Emulator
from exporting_process import now, stores_of
from running_chunks import LEAD

from functions.export.lanes import Lanes, Last
from local.azurite import StorageNames, create_storage
from shared.dataverse import messages
from shared.dataverse.queries import read_rows
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ExportId, TenantId, UserId
from shared.domain.records import InputRecord, VendorRecord
from shared.storage.names import CONTAINERS, TABLES

PROCESSES = 8
CHUNKS, SIZE = 16, 5
BUDGET, WINDOW = 12, 1
"""Requests a user in so many seconds: three hundred windows of Dynamics pass in as many seconds."""

_ROUNDING = 0.02
_PATIENCE = 350


@pytest.fixture
def queue(azurite: str) -> Iterator[str]:
    name = f"exports-write-{uuid.uuid4()}"
    create_storage(azurite, StorageNames(TABLES, (name,), CONTAINERS))
    yield name
    with QueueClient.from_connection_string(azurite, name) as client:
        client.delete_queue()


def people(chunk: int) -> list[InputRecord]:
    first = chunk * SIZE + 1
    return [
        VendorRecord(place, place, {"id": place, "firstName": "Ada", "lastName": f"Ngata {place}"})
        for place in range(first, first + SIZE)
    ]


def begin(azurite: str, queue: str) -> Export:
    """An export all of whose chunks are cut, and whose lanes are called."""
    stores = stores_of(azurite, queue)
    export = Export(
        id=ExportId(f"998299999999999-{uuid.uuid4().hex[:12]}"),
        tenant=TenantId(f"tenant-{uuid.uuid4()}"),
        object_type=LEAD,
        state=ExportState.RUNNING,
        requested_by=UserId("ada"),
        created_at=now(),
        started_at=now(),
        total=CHUNKS * SIZE,
        window=PROCESSES,
    )
    stores.exports.add(export)
    for number in range(CHUNKS):
        stores.files.write_records(export.tenant, export.id, number + 1, people(number))
    Lanes(stores).publish(export, (CHUNKS, CHUNKS * SIZE), new=SIZE, last=Last())
    return export


def most_within(starts: list[float], seconds: float) -> int:
    """The most of these moments that fall into one window, wherever it begins."""
    return max((sum(begin <= each < begin + seconds for each in starts) for begin in starts), default=0)


def test_eight_processes_keep_within_the_limits_of_one_user(
    azurite: str, queue: str, dataverse: Emulator
) -> None:
    export = begin(azurite, queue)
    program = Path(__file__).with_name("exporting_process.py")
    token = dataverse.signer.token(ADA)
    given = [azurite, queue, dataverse.url, token, export.tenant, export.id]
    with subprocess.Popen(
        [sys.executable, str(program), str(PROCESSES), *given],
        env={"PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as workers:
        assert workers.stdout is not None
        assert workers.stdout.readline() == "ready\n"
        dataverse.control("settings", {"degree_of_parallelism": 52}, "PUT")
        dataverse.control("limits", {"requests": BUDGET, "window": WINDOW, "seconds": None}, "PUT")
        dataverse.control("journal", method="DELETE")
        workers.communicate("go\n", timeout=_PATIENCE)
    assert workers.returncode == 0
    seen = dataverse.requests_seen()
    dataverse.control("limits", {"requests": None}, "PUT")
    assert _ended(azurite, queue, export)["created"] == CHUNKS * SIZE
    asked = read_rows(dataverse.client(), [messages.query("leads", select=("lastname",))])[0]
    assert sorted(row["lastname"] for row in asked) == sorted(
        f"Ngata {place}" for place in range(1, CHUNKS * SIZE + 1)
    )
    refused = [each["at"] - each["ms"] / 1000 for each in seen if each["status"] == 429]
    if not refused:
        pytest.skip("on a machine so busy the limit is never reached: a quiet one tells more")
    # Dynamics tells a second at least: so each process is refused once in a second at most.
    assert most_within(refused, timedelta(seconds=1).total_seconds() - _ROUNDING) <= PROCESSES


def _ended(azurite: str, queue: str, export: Export) -> dict[str, Any]:
    stored = stores_of(azurite, queue).exports.get(export.tenant, export.id)
    assert stored is not None
    assert stored.value.state is ExportState.SUCCEEDED
    return {"created": stored.value.counts.created}
