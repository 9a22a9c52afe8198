"""A connected stack of a benchmark's own, on which exports are run to their end and measured."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.meters import Meter
from benchmarks.storage_requests import Side, StorageRequests
from benchmarks.tap import tapped
from local import azurite
from local.api_client import ApiClient
from local.callers import caller_token, loopback_session
from local.demo.connecting import connect, tenant_admin
from local.errors import DevError
from local.ports import Ports, free_ports
from local.stack import Stack, StackOptions, running_stack
from shared.domain.exports import Export
from shared.domain.ids import ExportId, TenantId
from shared.settings import StorageSettings
from shared.storage.account import StorageAccount
from shared.storage.chunks import ChunkStore
from shared.storage.clients import clients_of
from shared.storage.exports import ExportStore
from shared.storage.names import Table

TENANT = TenantId("contoso")
AT_ONCE = 8
"""Requests of one export that Dataverse has at once."""

_POLL_SECONDS = 0.1
_TIMEOUT_SECONDS = 60
_NO_LIMITS = {"requests": None, "seconds": None, "concurrent": 52}


@dataclass(frozen=True, slots=True)
class Measured:
    """One export with what it took. `dataverse` counts requests by shape, `cpu` is seconds by process."""

    export: Export
    chunk_size: int
    seconds: float
    cpu: Mapping[str, float]
    peak_mib: float
    dataverse: Counter[str]
    rows_read: int
    storage: Counter[tuple[Side, str, str]]

    @property
    def records(self) -> int:
        """The records of the export."""
        return self.export.total

    def operations(self, side: Side, service: str = "") -> int:
        """Storage operations of that side, those of one storage service or of all."""
        return sum(
            many for (who, what, _), many in self.storage.items() if who is side and service in {"", what}
        )


class Stage:
    """One running stack and the means to measure an export on it."""

    def __init__(self, stack: Stack, storage: StorageRequests) -> None:
        """The connected stack, whose requests to storage are counted."""
        admin = tenant_admin(stack.description, TENANT)
        self.stack = stack
        self.client = ApiClient(stack.api, caller_token(stack.entra, TENANT, admin["id"]))
        self.storage = storage
        self._session = loopback_session()
        # Read beside the tap and the host, so that waiting costs neither of them anything.
        account = StorageAccount(
            clients_of(StorageSettings(connection_string=stack.storage_connection_string)), clock=_now
        )
        self._exports = ExportStore(account.table(Table.EXPORTS))
        self._chunks = ChunkStore(account.table(Table.CHUNKS))

    def dataverse(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the emulator's control surface answers."""
        found: dict[str, Any] = self._control(method, path, body)
        return found

    def journal(self) -> list[dict[str, Any]]:
        """The latest requests to Dataverse, ten thousand at most, in the order of their ends."""
        entries: list[dict[str, Any]] = self._control("GET", "journal")
        return entries

    def latency(self, *, request: float, record: float) -> None:
        """How long Dataverse takes: seconds for each request and for each record in it."""
        self.dataverse("PUT", "latency", {"request": request, "record": record})

    def export(self, file: Path, *, expected: Mapping[str, int], upload: bool = False) -> Measured:
        """Exports the file as leads; an error where the counts are not the expected ones."""
        before = self.dataverse("GET", "stats")
        self.storage.taken()
        with Meter(self.stack.description.pids, memory_of="host") as meter:
            started = _now()
            export_id = self.upload(file) if upload else self.client.start_export(file, "lead")
            export = self._ended(ExportId(export_id))
        after = self.dataverse("GET", "stats")
        _refuse_unless(export, expected)
        return Measured(
            export=export,
            chunk_size=max(chunk.records for chunk in self._chunks.of(TENANT, export.id)),
            seconds=((export.ended_at or _now()) - started).total_seconds(),
            cpu=meter.cpu,
            peak_mib=meter.peak_mib,
            dataverse=Counter(after["byShape"]) - Counter(before["byShape"]),
            rows_read=after["records"] - before["records"],
            storage=self.storage.taken(),
        )

    def upload(self, file: Path) -> str:
        """Exports a file that is put past the API; gives the export's id."""
        from azure.storage.blob import BlobClient

        place = self.client.send("POST", "/exports/uploads")
        with file.open("rb") as content, BlobClient.from_blob_url(place["url"]) as blob:
            blob.upload_blob(content, overwrite=True)
        return str(self.client.send("POST", "/exports", {"object": "lead", "upload": place["upload"]})["id"])

    def _control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        answer = self._session.request(
            method, f"{self.stack.dataverse}/_emulator/{path}", json=body, timeout=_TIMEOUT_SECONDS
        )
        answer.raise_for_status()
        return answer.json()

    def _ended(self, export_id: ExportId) -> Export:
        while True:
            stored = self._exports.get(TENANT, export_id)
            if stored is not None and stored.value.ended_at is not None:
                return stored.value
            time.sleep(_POLL_SECONDS)


@contextmanager
def connected_stage(*, persistent: bool = False) -> Iterator[Stage]:
    """A stack of its own on free ports, its tenant connected, no service protection limit in the way."""
    storage = StorageRequests()
    ports = free_ports()
    with tempfile.TemporaryDirectory() as state, tapped(_services(ports), storage.note) as taps:
        through = azurite.connection_string(replace(ports, **taps))
        settings = {"AzureWebJobsStorage": through, "EXPORT_WINDOW": str(AT_ONCE)}
        options = StackOptions(port_base=ports.host, persistent=persistent, settings=settings)
        with running_stack(Path(state), options) as stack:
            stage = Stage(stack, storage)
            stage.dataverse("PUT", "limits", _NO_LIMITS)
            # The export's own window is what bounds it, not what an organization of that size recommends.
            stage.dataverse("PUT", "settings", {"degree_of_parallelism": 2 * AT_ONCE})
            for _ in connect(stage.client, stack.description, tenant_admin(stack.description, TENANT)):
                pass
            yield stage


def _services(ports: Ports) -> dict[str, int]:
    return {"blob": ports.blob, "queue": ports.queue, "table": ports.table}


def _refuse_unless(export: Export, expected: Mapping[str, int]) -> None:
    counts = {name: getattr(export.counts, name) for name in expected}
    if counts != dict(expected):
        raise DevError(f"the export ended with {export.counts} instead of {expected}: its figures would lie.")


def _now() -> datetime:
    return datetime.now(UTC)
