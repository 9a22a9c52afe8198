import json
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from functions.identity import Caller
from functions.mapping.privilege_check import PrivilegeCheck
from functions.mapping.sample import SampleCheck
from shared.dataverse.client import DataverseClient
from shared.domain.exports import Export, ExportState
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.mapping import LookupRule, MappingRow, RowOptions, VendorSource
from shared.domain.organization import parse_organization_url
from shared.domain.records import UnreadableRecord, VendorRecord
from shared.storage.exports import ExportStore
from shared.storage.files import ExportFiles
from tests.fakes import MemoryContainer, MemoryServer, MemoryTable
from tests.unit.mapping_api.conftest import LEAD

NOW = datetime(2026, 1, 31, tzinfo=UTC)
ADA = Caller(
    tenant=TenantId("contoso"), user=UserId("ada"), email="ada@contoso.example", name="Ada", is_admin=True
)
JOB = MappingRow(source=VendorSource("jobTitle"), column="jobtitle")
STAFF = MappingRow(source=VendorSource("companyEmployeeCount"), column="numberofemployees")
FAX = MappingRow(source=VendorSource("companyFax"), column="telephone1")
OWNER = MappingRow(
    source=VendorSource("email"),
    column="ownerid",
    options=RowOptions(lookup=LookupRule("systemuser", "internalemailaddress")),
)


class Account:
    """What the connected account holds, and which columns are secured."""

    def __init__(self, held: set[str], secured: tuple[str, ...] = (), status: int = 200) -> None:
        self._held, self._secured, self._status = held, secured, status

    def client(self, _: Caller) -> DataverseClient:
        organization = parse_organization_url("https://contoso.crm4.dynamics.com")
        server = MemoryServer(self._answer).session()
        return DataverseClient(server, organization, lambda _: "token", clock=lambda: NOW)

    def _answer(self, request: requests.PreparedRequest) -> tuple[int, bytes]:
        if self._status != 200:
            return self._status, b"{}"
        if "WhoAmI" in request.path_url:
            content: Any = {"UserId": "0b5b8a30-0000-0000-0000-000000000001"}
        elif "Privileges" in request.path_url:
            content = {"RolePrivileges": [{"PrivilegeName": name} for name in self._held]}
        else:
            content = {"value": [{"LogicalName": name} for name in self._secured]}
        return 200, json.dumps(content).encode()


ALL = {"prvCreateLead", "prvReadLead", "prvWriteLead"}


def test_an_account_that_may_do_everything_is_no_warning() -> None:
    assert PrivilegeCheck(Account(ALL).client)(ADA, ObjectType.LEAD, [JOB], LEAD) == []


def test_each_missing_privilege_is_named() -> None:
    found = PrivilegeCheck(Account(ALL - {"prvCreateLead"}).client)(ADA, ObjectType.LEAD, [JOB], LEAD)
    assert [problem.code for problem in found] == ["privilegeMissing"]
    assert "may not create leads: it lacks prvCreateLead." in found[0].message


def test_a_lookup_needs_to_read_and_to_point_at_its_table() -> None:
    found = PrivilegeCheck(Account(ALL).client)(ADA, ObjectType.LEAD, [JOB, OWNER], LEAD)
    messages = " ".join(problem.message for problem in found)
    assert len(found) == 3
    assert all(name in messages for name in ("prvReadUser", "prvAppendLead", "prvAppendToUser"))


def test_a_mapped_column_that_is_secured_is_a_warning() -> None:
    account = Account(ALL, secured=("jobtitle", "telephone1"))
    found = PrivilegeCheck(account.client)(ADA, ObjectType.LEAD, [JOB], LEAD)
    assert [(problem.code, problem.column) for problem in found] == [("columnSecured", "jobtitle")]


def test_a_dynamics_that_does_not_say_keeps_nobody_from_saving() -> None:
    found = PrivilegeCheck(Account(ALL, status=403).client)(ADA, ObjectType.LEAD, [JOB], LEAD)
    assert [problem.code for problem in found] == ["privilegesNotChecked"]


@pytest.fixture
def exports() -> ExportStore:
    return ExportStore(MemoryTable("exports"))


@pytest.fixture
def files() -> ExportFiles:
    return ExportFiles(MemoryContainer())


def add(
    exports: ExportStore, files: ExportFiles, number: int, records: list[dict[str, Any]], **more: Any
) -> None:
    export = Export(
        id=ExportId(f"99823200000000{number}-0a1b2c3d4e5f"),
        tenant=ADA.tenant,
        object_type=more.pop("object_type", ObjectType.LEAD),
        state=ExportState.SUCCEEDED,
        requested_by=ADA.user,
        created_at=NOW,
        chunks=1,
        total=len(records),
        **more,
    )
    exports.add(export)
    kept = [VendorRecord(position, position, record) for position, record in enumerate(records, start=1)]
    unreadable = UnreadableRecord(len(kept) + 1, 9, "jsonInvalid", "This line is no JSON.")
    files.write_records(ADA.tenant, export.id, 1, [*kept, unreadable])


def check(exports: ExportStore, files: ExportFiles, *rows: MappingRow) -> list[Any]:
    return SampleCheck(exports, files)(ADA, ObjectType.LEAD, rows, LEAD)


def test_values_that_their_columns_do_not_take_are_counted_and_never_shown(
    exports: ExportStore, files: ExportFiles
) -> None:
    titles = ["Confidential person", "CEO", "Confidential people"]
    records = [{"firstName": "A", "jobTitle": title, "companyEmployeeCount": 10**10} for title in titles]
    add(exports, files, 1, records)
    found = [problem for problem in check(exports, files, JOB, STAFF) if problem.row is not None]
    assert [(problem.code, problem.row, problem.column) for problem in found] == [
        ("sampleTooLong", 1, "jobtitle"),
        ("sampleOutOfRange", 2, "numberofemployees"),
    ]
    assert "2 of 3 records" in found[0].message
    assert "Confidential" not in "".join(problem.message for problem in found)


def test_columns_that_no_record_feeds_and_required_ones_that_some_lack_are_told(
    exports: ExportStore, files: ExportFiles
) -> None:
    add(exports, files, 1, [{"lastName": "Ngata"}, {}, {}])
    topic = MappingRow(source=VendorSource("lastName"), column="subject")
    last = MappingRow(source=VendorSource("lastName"), column="lastname")
    found = check(exports, files, topic, last, FAX)
    assert [(problem.code, problem.column) for problem in found] == [
        ("sampleEmpty", "telephone1"),
        ("sampleRequiredMissing", "subject"),
    ]
    assert found[1].message.startswith("2 of 3 records")


def test_the_sample_is_of_this_object_still_kept_and_of_200_records_at_most(
    exports: ExportStore, files: ExportFiles
) -> None:
    long = {"jobTitle": "longer than ten"}
    add(exports, files, 1, [long] * 5, object_type=ObjectType.ACCOUNT)
    add(exports, files, 2, [long] * 5, contents_deleted=True)
    assert check(exports, files, JOB) == []
    add(exports, files, 3, [long] * 150)
    add(exports, files, 4, [long] * 150)
    assert "200 of 200 records" in check(exports, files, JOB)[0].message
