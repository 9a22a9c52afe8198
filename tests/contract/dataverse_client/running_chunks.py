"""Runs chunks of leads against the emulator, with everything of the service's own in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from dataverse_organizations import ADA, Emulator, client_of

from functions.compiling import compile_for
from functions.export.companies import Companies
from functions.export.prepared import PreparedExport
from functions.export.runner import ChunkRunner
from functions.export.stores import ExportStores
from functions.quotas import Quotas
from functions.trail import AuditTrail
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata, read_table
from shared.dataverse.slots import Slots
from shared.domain.exports import Export, ExportState, Outcome
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.limits import Limits
from shared.domain.mapping import MappingRow
from shared.domain.plan import PlanRules
from shared.domain.records import VendorRecord
from shared.storage.audit import AuditStore
from shared.storage.choices import ChoiceStore
from shared.storage.chunks import ChunkStore
from shared.storage.cooldowns import CooldownStore
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from shared.storage.made_accounts import MadeAccounts
from shared.storage.person_claims import PersonClaims
from shared.storage.progress import ProgressStore
from shared.storage.usage import UsageStore
from shared.storage.writes import WriteLedger
from tests.builders import FILL, OVERWRITE, options, preferences, row, template
from tests.fakes import MemoryContainer, MemoryTable

TENANT = TenantId("contoso")
LEAD = ObjectType.LEAD
ACCOUNT = ObjectType.ACCOUNT
ACCOUNT_ROWS = (row("name", "name"),)
ROWS = (
    template("{firstName} {lastName}", "subject"),
    row("firstName", "firstname"),
    row("lastName", "lastname"),
    row("companyName", "companyname"),
    row("email", "emailaddress1"),
    row("phone", "telephone1", FILL),
    row("jobTitle", "jobtitle", OVERWRITE),
    options(row("mobilePhone", "mobilephone", OVERWRITE), protect_edits=True),
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Between = Callable[[], None]


class NoQueue:
    """Chunks that are run one by one call no others."""

    def send(self, message: Any, delay: timedelta = timedelta()) -> None:
        raise AssertionError(f"nothing is to be queued, not even {message} in {delay}")


def stores_in_memory() -> ExportStores:
    exports = ExportStore(MemoryTable())
    return ExportStores(
        exports=exports,
        chunks=ChunkStore(MemoryTable()),
        progress=ProgressStore(MemoryTable()),
        files=ExportFiles(MemoryContainer()),
        cooldowns=CooldownStore(MemoryTable()),
        split_queue=NoQueue(),
        write_queue=NoQueue(),
        writes=WriteLedger(MemoryTable()),
        made=MadeAccounts(MemoryTable()),
        choices=ChoiceStore(MemoryTable()),
        claims=PersonClaims(MemoryTable(), lambda: NOW),
        trail=AuditTrail(AuditStore(MemoryTable()), lambda: NOW),
        quotas=Quotas(Limits(), exports, UsageStore(MemoryTable()), lambda: NOW),
        clock=lambda: NOW,
        lease=timedelta(minutes=5),
    )


def export(number: int = 1, **more: Any) -> Export:
    return Export(
        id=ExportId(f"998299999999999-{number:012x}"),
        tenant=TENANT,
        object_type=LEAD,
        state=ExportState.RUNNING,
        requested_by=UserId("ada"),
        created_at=NOW,
        **more,
    )


@dataclass
class Chunks:
    """Chunks of leads, run one after another. `between` is called before every request but the first.

    Each has a number of its own unless it is given one; what was begun before has that of the latest.
    """

    emulator: Emulator
    stores: ExportStores = field(default_factory=stores_in_memory)
    rows: tuple[MappingRow, ...] = ROWS
    decisions: dict[str, Any] = field(default_factory=dict)
    between: Between | None = None
    makes_accounts: bool = False
    slots: Slots | None = None
    _table: TableMetadata | None = None
    _accounts: TableMetadata | None = None
    _latest: int = 0

    def run(
        self,
        *people: dict[str, Any],
        number: int | None = None,
        begun_before: bool = False,
        of: Export | None = None,
    ) -> list[Outcome]:
        records = [VendorRecord(place, place, fields) for place, fields in enumerate(people, start=1)]
        runner = ChunkRunner(self.stores, self.prepare)
        if number is None:
            number = self._latest = self._latest + (not begun_before)
        return runner.run(of or export(), number, records, begun_before=begun_before)

    def prepare(self, _export: Export) -> PreparedExport:
        if self._table is None:
            self._table = read_table(self.emulator.client(), "lead")
        mapping = compile_for(TENANT, LEAD, self.rows, self._table.columns, targets={})
        rules = PlanRules(LEAD, mapping, preferences(LEAD, **self.decisions))
        return PreparedExport(self._client(), self._table, rules, companies=self._companies())

    def _companies(self) -> Companies | None:
        if not self.makes_accounts:
            return None
        if self._accounts is None:
            self._accounts = read_table(self.emulator.client(), "account")
        mapping = compile_for(TENANT, ACCOUNT, ACCOUNT_ROWS, self._accounts.columns, targets={})
        rules = PlanRules(ACCOUNT, mapping, preferences(ACCOUNT))
        return Companies(self._accounts, rules, "parentaccountid@odata.bind")

    def _client(self) -> DataverseClient:
        """Every request asks for a token first, which is where others come in between."""
        signed = self.emulator.signer.token(ADA)
        asked = count()

        def token(_fresh: bool) -> str:  # noqa: FBT001 - the client's seam takes it so
            if next(asked) and self.between is not None:
                self.between()
            return signed

        return client_of(self.emulator.url, token=token, slots=self.slots)
