from datetime import UTC, datetime

import pytest

from functions.http import Api
from functions.identity import Caller
from functions.mapping import field_routes, routes
from functions.mapping.service import MappingService
from shared.domain.errors import NeedsUser
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option, RequiredLevel
from shared.domain.ids import ObjectType
from shared.storage.mappings import MappingStore
from tests import callers
from tests.auditing import trail
from tests.fakes import MemoryTable
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


@pytest.fixture
def store() -> MappingStore:
    return MappingStore(MemoryTable())


@pytest.fixture
def site(store: MappingStore) -> Site:
    api = Api(callers=callers.callers())
    service = MappingService(store, columns, lambda: NOW, trail())
    return Site(field_routes.blueprint(api, service), routes.blueprint(api, service))
