import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import unquote

import pytest
import requests

from functions.compiling import compile_for
from functions.http import Api
from functions.identity import Caller
from functions.mapping import field_routes, file_routes, routes, trial_routes, version_routes
from functions.mapping.imports import MappingImports
from functions.mapping.previews import Destination, Previews
from functions.mapping.service import MappingService
from functions.mapping.stores import MappingStores
from functions.mapping.versions import MappingVersions
from functions.mapping.warnings import watch_drift
from functions.planning import Remembered
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.errors import NeedsUser, Problem
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option, RequiredLevel
from shared.domain.ids import ObjectType
from shared.domain.organization import parse_organization_url
from shared.domain.preferences import ExportPreferences
from shared.storage.mapping_versions import MappingVersionStore
from shared.storage.mappings import MappingStore
from shared.storage.writes import WriteLedger
from tests import callers
from tests.auditing import trail
from tests.fakes import MemoryServer, MemoryTable
from tests.site import Site

NOW = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
REQUIRED = RequiredLevel.APPLICATION

LEAD = ColumnCatalog(
    [
        Column(
            name="subject", label="Topic", type=ColumnType.STRING, max_length=300, required_level=REQUIRED
        ),
        Column(
            name="lastname", label="Last Name", type=ColumnType.STRING, max_length=50, required_level=REQUIRED
        ),
        Column(
            name="firstname",
            label="First Name",
            type=ColumnType.STRING,
            max_length=50,
            required_level=RequiredLevel.RECOMMENDED,
        ),
        Column(name="companyname", label="Company Name", type=ColumnType.STRING, max_length=100),
        Column(name="telephone1", label="Business Phone", type=ColumnType.STRING, max_length=50),
        Column(name="jobtitle", label="Job Title", type=ColumnType.STRING, max_length=10),
        Column(
            name="numberofemployees",
            label="No. of Employees",
            type=ColumnType.INTEGER,
            minimum=0,
            maximum=10**9,
        ),
        Column(
            name="leadsourcecode",
            label="Lead Source",
            type=ColumnType.PICKLIST,
            options=(Option(1, "Advertisement"), Option(10, "Other")),
        ),
        Column(name="donotemail", label="Do not allow Emails", type=ColumnType.BOOLEAN),
        Column(name="ownerid", label="Owner", type=ColumnType.OWNER, targets=("systemuser", "team")),
        Column(
            name="createdon", label="Created On", type=ColumnType.DATE_TIME, creatable=False, updatable=False
        ),
        Column(name="new_score", label="Score", type=ColumnType.DECIMAL, precision=2, custom=True),
    ],
)
ACCOUNT = ColumnCatalog(
    [
        Column(
            name="name", label="Account Name", type=ColumnType.STRING, max_length=160, required_level=REQUIRED
        )
    ],
)


def columns(caller: Caller, object_type: ObjectType) -> ColumnCatalog:
    if caller.tenant != "contoso":
        raise NeedsUser("notConnected", "There is no connection to Dynamics.")
    return LEAD if object_type is ObjectType.LEAD else ACCOUNT


@dataclass
class Dynamics:
    """Answers the same rows to every query of every $batch."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: requests.PreparedRequest) -> tuple[int, bytes]:
        sent = unquote((request.body or b"").decode() if isinstance(request.body, bytes) else "")
        self.asked.append(sent)
        content = json.dumps({"value": self.rows})
        part = f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{content}\r\n"
        return 200, (part * sent.count("Content-Type: application/http") + "--b--\r\n").encode()

    def client(self) -> DataverseClient:
        organization = parse_organization_url("https://contoso.crm4.dynamics.com")
        return DataverseClient(
            _Batches(self.answer).session(), organization, lambda _: "token", clock=lambda: NOW
        )


class _Batches(MemoryServer):
    def send(self, request: requests.PreparedRequest, *options: Any, **more: Any) -> requests.Response:
        response = super().send(request, *options, **more)
        response.headers["Content-Type"] = "multipart/mixed; boundary=b"
        return response


@pytest.fixture
def dynamics() -> Dynamics:
    return Dynamics()


@pytest.fixture
def store() -> MappingStore:
    return MappingStore(MemoryTable())


@pytest.fixture
def versions() -> MemoryTable:
    return MemoryTable("versions")


@pytest.fixture
def warnings() -> list[Problem]:
    """What the slow checks of Verify find."""
    return []


@pytest.fixture
def site(store: MappingStore, versions: MemoryTable, dynamics: Dynamics, warnings: list[Problem]) -> Site:
    api = Api(callers=callers.callers())
    moments = count()
    writes = WriteLedger(MemoryTable("writes"))
    stores = MappingStores(
        mappings=store,
        versions=MappingVersionStore(versions),
        trail=trail(),
        clock=lambda: NOW + timedelta(minutes=next(moments)),
    )
    service = MappingService(
        stores,
        columns,
        lambda *_: {},
        fresh_columns=columns,
        watch=(watch_drift,),
        checks=(lambda *_: warnings,),
    )

    def destination(caller: Caller, object_type: ObjectType) -> Destination:
        catalog = columns(caller, object_type)
        return Destination(
            client=dynamics.client(),
            table=TableMetadata(
                table=object_type.value,
                entity_set=f"{object_type}s",
                primary_id=f"{object_type}id",
                bulk_create=True,
                bulk_update=True,
                columns=catalog,
                read_at=NOW,
            ),
            preferences=ExportPreferences().of(object_type),
            compiler=lambda _: (
                lambda rows: compile_for(caller.tenant, object_type, rows, catalog, targets={})
            ),
            remembered=Remembered(lambda ids: writes.read(caller.tenant, object_type, ids)),
        )

    return Site(
        field_routes.blueprint(api, service),
        routes.blueprint(api, service),
        trial_routes.blueprint(api, service, Previews(service, destination)),
        version_routes.blueprint(api, MappingVersions(stores, service)),
        file_routes.blueprint(api, service, MappingImports(service)),
    )
