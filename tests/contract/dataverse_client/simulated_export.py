"""An export in a simulated Functions app: the service's own steps, a queue and a clock that tests command."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import requests
from dataverse_organizations import ADA, CONTOSO, Emulator, no_pause
from simulated_account import Account, Killed, Message

from functions.compiling import compile_for
from functions.export.messages import SplitMessage, parse_write_wire
from functions.export.pipeline import Pipeline, Sizes, build_pipeline
from functions.export.prepared import PreparedExport
from functions.export.recovery import Recovery
from functions.export.stores import ExportStores
from functions.quotas import Quotas
from functions.trail import AuditTrail
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata, read_table
from shared.domain.errors import NeedsUser
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export, ExportState, Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.limits import Limits
from shared.domain.plan import PlanRules
from shared.domain.preferences import ConnectionMode
from shared.storage.active import ActiveTenants
from shared.storage.audit import AuditStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.cooldowns import CooldownStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.idempotency import IdempotencyStore
from shared.storage.keys import key
from shared.storage.made_accounts import MadeAccounts
from shared.storage.person_claims import PersonClaims
from shared.storage.progress import ProgressStore
from shared.storage.usage import UsageStore
from shared.storage.writes import WriteLedger
from shared.transport import session
from tests.builders import preferences, row, template
from tests.chaos.people import FILLED, Person
from tests.chaos.witness import SeenExport
from tests.unit.export.crews import Later

TENANT, LEAD = TenantId("contoso"), ObjectType.LEAD
EXPORT = ExportId("998299999999999-00000000c4a5")
ROWS = (
    template("{firstName} {lastName}", "subject"),
    row("email", "emailaddress1"),
    *(row(vendor, column) for vendor, column in FILLED.items()),
)
BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=300)
SWEEP, AGAIN, UNSEEN, MOST_DELIVERIES = 300.0, 10.0, 600.0, 5
_PLANNED = {OutcomeKind.CREATED: "Create", OutcomeKind.UPDATED: "Update", OutcomeKind.UNCHANGED: "Unchanged"}
_MOST_ROUNDS = 20_000


@dataclass
class Simulation:
    """One export from its input to its end. A worker that dies is followed by another one."""

    emulator: Emulator
    people: Sequence[Person]
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret
    account: Account = field(default_factory=Account)
    chunk_size: int = 5
    window: int = 2
    tick: float = 0.01  # seconds that pass between two looks at the clock
    network: str | None = None  # where Dynamics is reached, if not at the emulator itself
    read_seconds: float = 60.0
    deaths: int = 0
    poisoned: int = 0
    _table: TableMetadata | None = None
    _swept: float = 0.0
    _in_work: Message | None = None

    def start(self) -> None:
        """Accepts the export; nothing befalls these steps."""
        self._table = read_table(self.emulator.client(), "lead")
        stores = self._spared()
        body = b"\n".join(person.line for person in self.people)
        stores.files.write_input(TENANT, EXPORT, [body])
        stores.files.write_settings(
            TENANT, EXPORT, ExportSettings(ROWS, preferences(LEAD), ConnectionMode.SERVICE_ACCOUNT)
        )
        stores.exports.add(
            Export(
                id=EXPORT,
                tenant=TENANT,
                object_type=LEAD,
                state=ExportState.QUEUED,
                requested_by=UserId("ada"),
                created_at=BEGIN,
            )
        )
        stores.split_queue.send(SplitMessage(TENANT, EXPORT).to_wire())
        self.account.steps.sleep = self._sleep

    def run(self) -> SeenExport:
        """Delivers what is due until the export has ended and every message is gone; then looks at it."""
        self._worker = self._born()
        self._work()
        return self._seen()

    def _work(self) -> None:
        for _ in range(_MOST_ROUNDS):
            if self._ended() and not self.account.messages:
                return
            self._go_on()
        raise AssertionError(f"the export does not end: {self._export()}, {self.account.messages}")

    def _sleep(self) -> None:
        """The worker's lease of everything ends, and another worker does the rest before it wakes up."""
        sleeping, message = self._worker, self._in_work
        self._worker = self._born()
        self.account.seconds += UNSEEN
        if message is not None:
            self.account.messages.append(replace(message, due=self.account.seconds))
        self._work()
        self._worker = sleeping

    def clock(self) -> datetime:
        """Every look at it takes a moment."""
        self.account.seconds += self.tick
        return BEGIN + timedelta(seconds=self.account.seconds)

    def _go_on(self) -> None:
        next_sweep = self._swept + SWEEP
        due = min((message.due for message in self.account.messages), default=next_sweep)
        if due > next_sweep or not self.account.messages:
            self._swept = self.account.seconds = max(self.account.seconds, next_sweep)
            self._survive(lambda worker: worker.recovery.sweep())
            return
        self.account.seconds = max(self.account.seconds, due)
        self._deliver(
            self.chance.choice([one for one in self.account.messages if one.due <= self.account.seconds])
        )

    def _deliver(self, message: Message) -> None:
        self.account.messages.remove(message)
        again = replace(message, deliveries=message.deliveries + 1)
        if again.deliveries > MOST_DELIVERIES:
            self.poisoned += 1
            self._survive(lambda worker: worker.give_up(message))
            return
        died, self._in_work = self.deaths, again
        done = self._survive(lambda worker: worker.handle(message))
        self._in_work = None
        if not done:
            # A message of a dead worker stays unseen for as long as the worker had it to itself.
            wait = UNSEEN if self.deaths > died else AGAIN
            self.account.messages.append(replace(again, due=self.account.seconds + wait))

    def _survive(self, work: Any) -> bool:
        """Whether the work was done."""
        try:
            work(self._worker)
        except Killed:
            self.deaths += 1
            self._worker = self._born()
            return False
        except Exception:  # noqa: BLE001 - the Functions host delivers again, whatever it was
            return False
        return True

    def _born(self) -> "Worker":
        stores = self._stores()
        pipeline = build_pipeline(
            stores,
            Preparing(self),  # type: ignore[arg-type]  # prepares without a connection of the tenant
            Sizes(self.chunk_size, self.window),
            crew_of=Later,
        )
        idempotency = IdempotencyStore(self.account.table("idempotency"))
        return Worker(pipeline, Recovery(stores, idempotency, pipeline.lanes))

    def prepare(self, _export: Export) -> PreparedExport:
        """The client of a worker, each of whose requests is a step."""
        assert self._table is not None
        signed = self.emulator.signer.token(ADA)

        def token(_fresh: bool) -> str:  # noqa: FBT001 - the client's seam takes it so
            return str(self.account.steps.take("ask Dynamics", lambda: signed))

        mapping = compile_for(TENANT, LEAD, ROWS, self._table.columns, targets={})
        client = DataverseClient(self._network, CONTOSO, token, clock=self.clock, pause=no_pause)
        return PreparedExport(client, self._table, PlanRules(LEAD, mapping, preferences(LEAD)))

    @cached_property
    def _network(self) -> requests.Session:
        address = self.network or self.emulator.url
        return session({".dynamics.com": address}, pool_size=4, read_seconds=self.read_seconds)

    def _stores(self) -> ExportStores:
        """What one process knows of the account; whatever it remembers dies with it."""
        table, clock = self.account.table, self.clock
        exports = ExportStore(table("exports"), ActiveTenants(table("active"), clock))
        return ExportStores(
            exports=exports,
            chunks=ChunkStore(table("chunks")),
            progress=ProgressStore(table("chunks")),
            files=ExportFiles(self.account.container()),
            cooldowns=CooldownStore(table("tenants")),
            split_queue=self.account.queue("split"),
            write_queue=self.account.queue("write"),
            writes=WriteLedger(table("writes")),
            made=MadeAccounts(table("writes")),
            choices=ChoiceStore(table("writes")),
            claims=PersonClaims(table("claims"), clock),
            trail=AuditTrail(AuditStore(table("audit")), clock),
            quotas=Quotas(Limits(), exports, UsageStore(table("usage")), clock),
            clock=clock,
            lease=LEASE,
        )

    def _spared(self) -> ExportStores:
        """The account as a bystander sees it, at whose steps nothing happens."""
        bystander = replace(self, account=replace(self.account, steps=type(self.account.steps)()))
        return bystander._stores()  # noqa: SLF001 - of the same class

    def _export(self) -> Export:
        stored = self._spared().exports.get(TENANT, EXPORT)
        assert stored is not None
        return stored.value

    def _ended(self) -> bool:
        return self._export().ended_at is not None

    def left_over(self) -> list[str]:
        """Claims on people that no chunk gives back, so that other exports would wait for them."""
        rows = self._spared().claims._table.rows(key(TENANT, LEAD, "claims"))  # noqa: SLF001 - nobody else may ask
        return [f"{name} is left over" for stored in rows for name in stored.value if name != "RowKey"]

    def unexplained(self) -> list[str]:
        """Outcomes whose kept plan tells another story, which an undo would follow."""
        stores = self._spared()
        found = []
        for chunk in stores.chunks.of(TENANT, EXPORT):
            plans = {
                each.position: each.plan
                for each in stores.files.read_plan(TENANT, EXPORT, chunk.number) or ()
            }
            for outcome in stores.files.read_outcomes(TENANT, EXPORT, chunk.number) or ():
                plan = type(plans.get(outcome.position)).__name__
                if _PLANNED.get(outcome.kind, plan) != plan and plan != "MergedInto":
                    found.append(f"{outcome.kind} at {outcome.position} by {plan}")
        return found

    def _seen(self) -> SeenExport:
        export, stores = self._export(), self._spared()
        outcomes = [
            _json(outcome)
            for chunk in stores.chunks.of(TENANT, EXPORT)
            for outcome in stores.files.read_outcomes(TENANT, EXPORT, chunk.number) or ()
        ]
        names = ("created", "updated", "unchanged", "skipped", "failed")
        counts = {"total": export.total, **{name: getattr(export.counts, name) for name in names}}
        told = {"id": export.id, "state": export.state, "endedAt": export.ended_at, "counts": counts}
        return SeenExport(people=self.people, export=told, outcomes=outcomes)


@dataclass(frozen=True)
class Worker:
    """One process of the Functions app."""

    pipeline: Pipeline
    recovery: Recovery

    def handle(self, message: Message) -> None:
        """As the queue functions do."""
        if message.queue == "split":
            self.pipeline.splitter.split(_split(message))
        else:
            self.pipeline.delivery.deliver(parse_write_wire(message.wire))

    def give_up(self, message: Message) -> None:
        """As the functions of the poison queues do."""
        if message.queue == "split":
            self.pipeline.splitter.give_up(_split(message), "It failed five times.")
        else:
            self.pipeline.delivery.give_up(parse_write_wire(message.wire), "It failed five times.")


@dataclass(frozen=True)
class Preparing:
    """What a worker prepares for an export."""

    simulation: Simulation

    def of(self, export: Export) -> PreparedExport:
        """Prepared anew for each chunk."""
        return self.simulation.prepare(export)

    def tell(self, export: Export, error: NeedsUser) -> None:
        """Nobody is told."""


def _split(message: Message) -> SplitMessage:
    return SplitMessage(message.wire["tenant"], message.wire["export"])


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        "position": outcome.position,
        "outcome": outcome.kind.value,
        "dynamicsId": outcome.dynamics_id,
        "code": outcome.code,
        "reason": outcome.reason,
    }
