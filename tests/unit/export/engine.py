"""The steps of an export over stores in memory, with a clock that only the test moves."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import orjson

from functions.export.crew import CrewOf
from functions.export.delivery import ChunkDelivery
from functions.export.lanes import Lanes
from functions.export.messages import SplitMessage, WriteMessage, parse_write_wire
from functions.export.pacing import Pacing
from functions.export.recovery import Recovery
from functions.export.splitting import Splitter
from functions.export.stores import ExportStores
from functions.quotas import Quotas
from functions.trail import AuditTrail
from shared.dataverse.traffic import Allowance
from shared.domain.errors import NeedsUser
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export, ExportState, Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId, new_export_id
from shared.domain.limits import Limits
from shared.domain.outcomes import same_for_all
from shared.domain.preferences import ConnectionMode
from shared.domain.records import InputRecord
from shared.storage.active import ActiveTenants
from shared.storage.audit import AuditStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.cooldowns import CooldownStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.idempotency import IdempotencyStore
from shared.storage.made_accounts import MadeAccounts
from shared.storage.person_claims import PersonClaims
from shared.storage.progress import ProgressStore
from shared.storage.usage import UsageStore
from shared.storage.writes import WriteLedger
from tests.builders import preferences
from tests.fakes import MemoryContainer, MemoryTable
from tests.unit.export.crews import nobody

TENANT = TenantId("contoso")
LEASE = timedelta(minutes=5)
_NOW = timedelta()


class Crash(BaseException):
    """The process dies on this line."""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(order=True, slots=True)
class _Waiting:
    due: datetime
    number: int
    wire: Mapping[str, Any]


class Queued:
    """A queue whose messages become visible when the clock says so."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count()
        self._waiting: list[_Waiting] = []

    def send(self, message: Mapping[str, Any], delay: timedelta = _NOW) -> None:
        heapq.heappush(self._waiting, _Waiting(self._clock() + delay, next(self._numbers), message))

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def due(self) -> datetime:
        return self._waiting[0].due

    def take(self) -> Mapping[str, Any]:
        return heapq.heappop(self._waiting).wire


class Ran(NamedTuple):
    """A chunk that came to be planned and written."""

    export: ExportId
    number: int
    begun_before: bool


class Engine:
    """The workers of one process, and what is stored outside of it."""

    def __init__(self, *, chunk_size: int = 2, window: int = 3, max_records: int | None = None) -> None:
        self.clock = Clock()
        self.split_queue, self.write_queue = Queued(self.clock), Queued(self.clock)
        self.tables = {
            name: MemoryTable(name) for name in ("exports", "chunks", "tenants", "audit", "other", "active")
        }
        self.container = MemoryContainer()
        self.limits = Limits()
        self.settings = ExportSettings(
            (), preferences(max_records_per_export=max_records), ConnectionMode.SERVICE_ACCOUNT
        )
        self.answer: Callable[[int], None] = lambda _: None
        self.allowance = Allowance()
        self.ran: list[Ran] = []
        self.told: list[str] = []
        self._sizes = {"chunk_size": chunk_size, "window": window}
        self._exports = count(1)
        self.crew: CrewOf = nobody
        self.start()

    def start(self, chunk_size: int | None = None) -> None:
        """A new process forgets all but what is stored, and `answer`; it may cut chunks of another size."""
        self._sizes["chunk_size"] = chunk_size or self._sizes["chunk_size"]
        tables, clock = self.tables, self.clock
        self.active = ActiveTenants(tables["active"], clock)
        exports = ExportStore(tables["exports"], self.active)
        self.stores = ExportStores(
            exports=exports,
            chunks=ChunkStore(tables["chunks"]),
            progress=ProgressStore(tables["chunks"]),
            files=ExportFiles(self.container),
            cooldowns=CooldownStore(tables["tenants"]),
            split_queue=self.split_queue,
            write_queue=self.write_queue,
            writes=WriteLedger(tables["other"]),
            made=MadeAccounts(tables["other"]),
            choices=ChoiceStore(tables["other"]),
            claims=PersonClaims(tables["other"], clock),
            trail=AuditTrail(AuditStore(tables["audit"]), clock),
            quotas=Quotas(self.limits, exports, UsageStore(tables["tenants"]), clock),
            clock=clock,
            lease=LEASE,
        )
        self.lanes = Lanes(self.stores)
        pacing = Pacing(self.stores, lambda _: self.allowance)
        self.delivery = ChunkDelivery(self.stores, self.lanes, self, self._tell, pacing=pacing)
        self.splitter = Splitter(
            self.stores,
            self.lanes,
            **self._sizes,
            muster=lambda until: self.crew(self.delivery.go_on, self.delivery.has_room, until),
        )
        self.recovery = Recovery(self.stores, IdempotencyStore(tables["other"]), self.lanes)

    def run(
        self, export: Export, number: int, records: Sequence[InputRecord], *, begun_before: bool
    ) -> list[Outcome]:
        """What stands for planning and writing; `answer` raises where it is to fail."""
        self.ran.append(Ran(export.id, number, begun_before))
        self.answer(number)
        return same_for_all(records, OutcomeKind.CREATED, "", "")

    def settle(self, export: Export, number: int, records: Sequence[InputRecord]) -> list[Outcome]:
        """What stands for looking at a cancelled chunk: all of it was written if it ever came to that."""
        was_begun = any((ran.export, ran.number) == (export.id, number) for ran in self.ran)
        return same_for_all(records, OutcomeKind.CREATED if was_begun else OutcomeKind.SKIPPED, "", "")

    def _tell(self, _: Export, error: NeedsUser) -> None:
        self.told.append(error.message)

    def export(self, records: int, *, cut: bool = True) -> ExportId:
        """A queued export of so many records; its input is cut unless the test does so."""
        number = next(self._exports)
        export = Export(
            id=new_export_id(number, bytes(6)),
            tenant=TENANT,
            object_type=ObjectType.LEAD,
            state=ExportState.QUEUED,
            requested_by=UserId("bruno"),
            created_at=self.clock(),
        )
        lines = b"".join(orjson.dumps({"id": each}) + b"\n" for each in range(records))
        self.stores.files.write_input(TENANT, export.id, [lines])
        self.stores.files.write_settings(TENANT, export.id, self.settings)
        self.stores.exports.add(export)
        if cut:
            self.split(export.id)
        return export.id

    def split(self, export_id: ExportId) -> None:
        self.splitter.split(SplitMessage(TENANT, export_id))

    def seen(self, export_id: ExportId) -> Export:
        stored = self.stores.exports.get(TENANT, export_id)
        assert stored is not None
        return stored.value

    def change(self, export_id: ExportId, **values: Any) -> None:
        self.stores.exports.change(TENANT, export_id, lambda now: replace(now, **values))

    def used(self, day: date) -> int:
        """The records that count for the day."""
        return UsageStore(self.tables["tenants"]).records(TENANT, day)

    def messages(self) -> list[WriteMessage]:
        """Every message of the write queue, taken off it."""
        return [parse_write_wire(self.write_queue.take()) for _ in range(len(self.write_queue))]

    def work(self, until: datetime | None = None) -> int:
        """Delivers what is queued, moving the clock on to what is due; gives the deliveries."""
        deliveries = 0
        while len(self.write_queue) and (until is None or self.write_queue.due <= until):
            self.clock.now = max(self.clock.now, self.write_queue.due)
            self.delivery.deliver(parse_write_wire(self.write_queue.take()))
            deliveries += 1
        return deliveries
