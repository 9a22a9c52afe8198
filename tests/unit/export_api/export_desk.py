"""The operations of exports before stores in memory, and what the workers make of what was ordered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from functions.export import change_routes, routes
from functions.export.change_routes import Changes
from functions.export.choosing import Choosing
from functions.export.history import ExportHistory
from functions.export.messages import SplitMessage
from functions.export.results import Results
from functions.export.service import ExportService
from functions.export.stopping import Stopping
from functions.export.undo.service import UndoService
from functions.http import Api
from functions.identity import Caller
from functions.organizations import Organizations, Outgoing
from functions.tenants import Tenants
from shared.domain.connection import Access, Connection, ConnectionState
from shared.domain.exports import Export, Outcome
from shared.domain.ids import DirectoryId, ExportId, ObjectType, TenantId, UserId
from shared.domain.mapping import Mapping
from shared.domain.organization import parse_organization_url
from shared.domain.preferences import ExportPreferences
from shared.domain.records import InputRecord
from shared.storage.attentions import AttentionStore
from shared.storage.connections import AccessStore, ConnectionStore
from shared.storage.idempotency import IdempotencyStore
from shared.storage.mappings import MappingStore
from shared.storage.preferences import PreferencesStore
from shared.storage.user_connections import UserConnectionStore
from tests import callers
from tests.builders import row, template
from tests.fakes import MemoryContainer, MemoryTable
from tests.site import Answer, Site
from tests.unit.export.engine import TENANT, Engine

NEIGHBOUR = TenantId("fabrikam")
ADA = Caller(tenant=TENANT, user=UserId("ada"), is_admin=True)
BRUNO = Caller(tenant=TENANT, user=UserId("bruno"), email="bruno@contoso.example")
ROWS = (template("{firstName} {lastName}", "subject"), row("lastName", "lastname"))
PEOPLE = ({"id": 1, "lastName": "Ngata"}, {"id": 2, "lastName": "Okafor"}, {"id": 3, "lastName": "Rossi"})


def _nobody_asks() -> Any:
    raise AssertionError("Dynamics is not to be asked")


class Desk(Engine):
    """Contoso and Fabrikam, each with a mapping and a connection; everybody may export.

    `fates`: what becomes of the records at these positions, in place of being created.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fates: dict[int, Outcome] = {}
        tenants, clock = self.tables["tenants"], self.clock
        self.access, self.decisions = AccessStore(tenants), PreferencesStore(tenants)
        self.mappings, self.connections = MappingStore(tenants), ConnectionStore(tenants)
        self.organizations = Organizations(
            outgoing=Outgoing(_nobody_asks, 1),
            connections=self.connections,
            user_connections=UserConnectionStore(tenants),
            tokens=None,  # type: ignore[arg-type]  # no organization is asked for anything here
            metadata=MemoryContainer(),
            attentions=AttentionStore(tenants),
            clock=clock,
        )
        for tenant in (TENANT, NEIGHBOUR):
            self._welcome(tenant)
        self.tenants = Tenants(
            access=self.access,
            preferences=self.decisions,
            mappings=self.mappings,
            organizations=self.organizations,
        )
        numbers = count(1)

        def entropy(length: int) -> bytes:
            return next(numbers).to_bytes(length)

        self.service = ExportService(
            self.stores,
            self.tenants,
            IdempotencyStore(MemoryTable("idempotency")),
            self,  # type: ignore[arg-type]  # works at once as the queues do
            entropy=entropy,
        )
        self.choosing = Choosing(self.stores, self.tenants, self.service.get, entropy)
        self.history = ExportHistory(self.stores, self.service.get)
        undo = UndoService(self.stores, self.tenants, self.service.get, entropy)
        stopping = Stopping(self.stores, self.service.get)
        api = Api(callers=callers.callers())
        self._site = Site(
            routes.blueprint(api, self.service, self.history, Results(self.stores, self.history)),
            change_routes.blueprint(api, Changes(self.service, stopping, undo, self.history)),
        )

    def _welcome(self, tenant: TenantId) -> None:
        self.access.replace(tenant, Access(enabled=True), None)
        for object_type in ObjectType:
            mapping = Mapping(object_type=object_type, rows=ROWS, version=7)
            self.mappings.replace(tenant, mapping, None)
        connection = Connection(
            state=ConnectionState.CONNECTED,
            organization=parse_organization_url(f"https://{tenant}.crm4.dynamics.com"),
            directory=DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"),
            connected_by=ADA.user,
        )
        self.connections.replace(tenant, connection, None)

    def decide(self, **decisions: Any) -> None:
        """An administrator of Contoso decides about leads; `export_objects` about all."""
        general = {
            name: decisions.pop(name) for name in ("export_objects", "connection") if name in decisions
        }
        lead = replace(ExportPreferences().lead, **decisions)
        self.decisions.replace(TENANT, ExportPreferences(lead=lead, **general), None)

    def call(
        self, method: str, url: str, body: Any = None, *, caller: Caller = BRUNO, **headers: str
    ) -> Answer:
        token = callers.token(
            sub=caller.user,
            org_id=caller.tenant,
            roles=["admin"] if caller.is_admin else [],
            email=caller.email,
        )
        return self._site.call(method, url, token=token, body=body, **headers)

    def order(self, *people: dict[str, Any], caller: Caller = BRUNO, **more: Any) -> Answer:
        """Orders an export of leads; names of headers begin with a capital, the rest is for the body."""
        headers = {name: value for name, value in more.items() if name[0].isupper()}
        rest = {name: value for name, value in more.items() if name not in headers}
        body = {"object": "lead", "records": people or PEOPLE, **rest}
        return self.call("POST", "/exports", body, caller=caller, **headers)

    def exported(self, *people: dict[str, Any], caller: Caller = BRUNO, **more: Any) -> ExportId:
        """An export that has ended."""
        answer = self.order(*people, caller=caller, **more)
        assert answer.status == 202, answer.json
        self.process()
        return ExportId(answer.json["id"])

    def process(self) -> None:
        """Does what is queued."""
        while len(self.split_queue):
            wire = self.split_queue.take()
            self.splitter.split(SplitMessage(wire["tenant"], wire["export"]))
        self.work()

    def run(  # type: ignore[override]  # the engine's own for chunks, and that of a caller who waits
        self, export: Any, number: Any, records: Sequence[InputRecord] = (), *, begun_before: bool = False
    ) -> list[Outcome]:
        """The outcomes of a chunk; or works on an export until it has ended, however long that takes."""
        if isinstance(export, SplitMessage):
            assert isinstance(number, datetime)
            self.splitter.split(export)
            self.work()
            return []
        created = super().run(export, number, records, begun_before=begun_before)
        return [self.fates.get(outcome.position, outcome) for outcome in created]

    def kept(self, answer: Answer) -> Export:
        """The export of an answer, as it is stored."""
        return self.seen(ExportId(answer.json["id"]))

    def later(self, **time: float) -> None:
        self.clock.now += timedelta(**time)
