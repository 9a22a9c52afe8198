"""Exports that have left their contents behind, in a real storage account, and what can be found there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from functions.privacy.erasing import Eraser
from functions.privacy.messages import ErasureMessage
from functions.privacy.stores import PrivacyStores
from functions.trail import AuditTrail
from shared.domain.exports import Chunk, ChunkState, Counts, Export, ExportState, Outcome, OutcomeKind
from shared.domain.ids import ObjectType, TenantId, UserId, new_export_id
from shared.domain.plan import Create, PlannedRecord
from shared.domain.records import VendorRecord
from shared.storage.account import StorageAccount
from shared.storage.audit import AuditStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.erasures import ErasureStore
from shared.storage.expiries import ContentsIndex
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.names import CONTAINERS, QUEUES, TABLES, Container, Table
from shared.storage.users import UserStore
from shared.storage.wipe import TenantWipe

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Waiting:
    """A queue whose messages the test carries itself."""

    def __init__(self) -> None:
        self.messages: list[tuple[Mapping[str, Any], timedelta]] = []

    def send(self, message: Mapping[str, Any], delay: timedelta = timedelta()) -> None:
        self.messages.append((message, delay))


class Kept:
    """What one tenant's exports left behind."""

    def __init__(self, account: StorageAccount, tenant: TenantId) -> None:
        self.tenant = tenant
        self.now = NOW
        self.queue = Waiting()
        self.audit = AuditStore(account.table(Table.AUDIT))
        self.number = 0
        index = ContentsIndex(account.table(Table.EXPIRIES), lambda: self.now, timedelta(days=30))
        self.stores = PrivacyStores(
            exports=ExportStore(account.table(Table.EXPORTS), contents=index),
            chunks=ChunkStore(account.table(Table.CHUNKS)),
            files=ExportFiles(account.container(Container.EXPORTS)),
            choices=ChoiceStore(account.table(Table.WRITES)),
            users=UserStore(account.table(Table.USERS)),
            erasures=ErasureStore(account.table(Table.ERASURES)),
            wipe=TenantWipe(
                [account.table(table) for table in Table if table is not Table.AUDIT],
                [account.container(container) for container in Container],
            ),
            queue=self.queue,
            trail=AuditTrail(self.audit, lambda: self.now),
            clock=lambda: self.now,
        )

    def export(self, *people: Mapping[str, Any], ended: bool = True, queued: bool = False) -> Export:
        """An export of one chunk with everything that it leaves behind."""
        self.number += 1
        export = Export(
            id=new_export_id(int(self.now.timestamp() * 1000) - self.number, self.number.to_bytes(6)),
            tenant=self.tenant,
            object_type=ObjectType.LEAD,
            state=ExportState.QUEUED if queued else ExportState.SUCCEEDED if ended else ExportState.RUNNING,
            requested_by=UserId("bruno"),
            created_at=self.now - timedelta(minutes=1),
            ended_at=self.now if ended else None,
            chunks=1,
            total=len(people),
            counts=Counts(created=len(people)),
        )
        stores, place = self.stores, (self.tenant, export.id, 1)
        stores.files.write_input(self.tenant, export.id, [repr(people).encode()])
        stores.exports.add(export)
        if queued:
            return export
        state = ChunkState.DONE if ended else ChunkState.PENDING
        counts = Counts(created=len(people)) if ended else Counts()
        stores.chunks.put(
            self.tenant,
            [Chunk(export=export.id, number=1, first=1, records=len(people), state=state, counts=counts)],
        )
        positioned = list(enumerate(people, start=1))
        stores.files.write_records(*place, [VendorRecord(at, at, fields) for at, fields in positioned])
        if ended:
            self._write_results(place, positioned)
        return export

    def _write_results(self, place: Any, positioned: list[tuple[int, Mapping[str, Any]]]) -> None:
        plans = [PlannedRecord(at, str(each["id"]), Create(f"d{at}", dict(each))) for at, each in positioned]
        self.stores.files.write_plan(*place, plans)
        outcomes = [
            Outcome(
                position=at,
                vendor_id=str(each["id"]),
                kind=OutcomeKind.CREATED,
                reason=f"{each.get('lastName')} was shortened",
            )
            for at, each in positioned
        ]
        self.stores.files.write_outcomes(*place, outcomes)

    def end(self, export: Export) -> None:
        stored = self.stores.exports.get(self.tenant, export.id)
        assert stored is not None
        from dataclasses import replace

        self.stores.exports.replace(
            replace(stored.value, state=ExportState.SUCCEEDED, ended_at=self.now), stored.etag
        )

    def carry(self, most: int = 100) -> list[timedelta]:
        """Carries messages until none is left; gives how long each was told to wait."""
        waits = []
        while self.queue.messages and most:
            message, delay = self.queue.messages.pop(0)
            waits.append(delay)
            Eraser(self.stores).work(ErasureMessage(TenantId(message["tenant"]), message["erasure"]))
            most -= 1
        return waits


def raw(connection: str, tenant: str, *, without: tuple[str, ...] = ()) -> str:
    """Everything of a tenant as it lies in tables, blobs and queues, as one text."""
    found: list[str] = []
    with TableServiceClient.from_connection_string(connection) as tables:
        for name in set(TABLES) - set(without):
            rows = tables.get_table_client(name).list_entities()
            found += [f"{name} {dict(row)}" for row in rows if tenant in str(row["PartitionKey"])]
    with BlobServiceClient.from_connection_string(connection) as blobs:
        for name in CONTAINERS:
            container = blobs.get_container_client(name)
            for blob in container.list_blob_names(name_starts_with=tenant):
                found.append(f"{blob} {container.download_blob(blob).readall().decode()}")
    with QueueServiceClient.from_connection_string(connection) as queues:
        for name in QUEUES:
            messages = queues.get_queue_client(name).peek_messages(32)
            found += [str(each.content) for each in messages if tenant in str(each.content)]
    return "\n".join(found)
