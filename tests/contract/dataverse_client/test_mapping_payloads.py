"""Whatever passes the mapping's conversion passes the emulator's own validation, lookups included."""

from datetime import UTC, datetime
from typing import Any

import pytest
from dataverse_organizations import Emulator
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.compiling import compile_for, targets_of
from functions.export.remembering import remember_writes
from functions.export.writing import write
from functions.planning import Planned, Remembered, plan_records
from shared.dataverse import messages
from shared.dataverse.bulk import create_all
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata, read_table
from shared.dataverse.targets import read_targets
from shared.domain.exports import Export, ExportState
from shared.domain.fields import ColumnType
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId, record_id
from shared.domain.mapping import LookupRule, MappingRow, PhoneFormat, TooLong
from shared.domain.matching import ExistingRecord
from shared.domain.plan import Create, PlanRules, Unchanged, Update
from shared.domain.preferences import RULES_OF, ObjectPreferences
from shared.domain.records import VendorRecord
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import COMPATIBLE, verify
from shared.storage.writes import WriteLedger
from tests.builders import OVERWRITE, constant, options, row, template
from tests.fakes import MemoryTable
from tests.laws import ONE_FIXTURE_FOR_ALL_EXAMPLES

TENANT, LEAD, ACCOUNT = TenantId("contoso"), ObjectType.LEAD, ObjectType.ACCOUNT
CONTOSO, FABRIKAM = (record_id(TENANT, ACCOUNT, vendor_id) for vendor_id in ("2000000001", "2000000002"))


@pytest.fixture
def client(dataverse: Emulator) -> DataverseClient:
    client = dataverse.client()
    rows = [
        {"accountid": CONTOSO, "name": "Contoso Ltd", "websiteurl": "https://www.contoso.example/"},
        {"accountid": FABRIKAM, "name": "Fabrikam", "websiteurl": "fabrikam.example"},
        {"accountid": record_id(TENANT, ACCOUNT, "3"), "name": "FABRIKAM"},
    ]
    create_all(client, "account", "accounts", rows, bulk=True)
    return client


def _plan(
    client: DataverseClient, table: TableMetadata, rows: list[MappingRow], *people: dict[str, Any]
) -> Planned:
    targets = targets_of(client, rows)
    assert not {each.code for each in verify(rows, vendor_fields(LEAD), table.columns, targets)} - {
        "requiredUnmapped"
    }
    mapping = compile_for(TENANT, LEAD, rows, table.columns, targets=targets)
    rules = PlanRules(LEAD, mapping, ObjectPreferences(match_rules=RULES_OF[LEAD]))
    records = [
        VendorRecord(place, place, {"id": place, **each}) for place, each in enumerate(people, start=1)
    ]
    return plan_records(client, table, rules, records, tenant=TENANT)


def _lookup(field: str, column: str, by: str, table: str = "account") -> MappingRow:
    return options(row(field, column, OVERWRITE), lookup=LookupRule(table, by))


NAMES = [
    template("{firstName} {lastName}", "subject", OVERWRITE),
    row("lastName", "lastname", OVERWRITE),
]


@pytest.mark.parametrize(
    ("lookup", "fields", "read", "expected"),
    [
        (
            _lookup("companyName", "parentaccountid", "name"),
            {"companyName": "CONTOSO ltd"},
            "_parentaccountid_value",
            CONTOSO,
        ),
        (
            _lookup("companyWebsite", "parentaccountid", "websiteurl"),
            {"companyWebsite": "http://contoso.example"},
            "_parentaccountid_value",
            CONTOSO,
        ),
        (
            _lookup("companyWebsite", "customerid", "websiteurl"),
            {"companyWebsite": "www.fabrikam.example"},
            "_customerid_value",
            FABRIKAM,
        ),
        (
            _lookup("companyId", "parentaccountid", "accountid"),
            {"companyId": 2000000001},
            "_parentaccountid_value",
            CONTOSO,
        ),
    ],
    ids=["by name", "by website", "of two tables", "by vendor id"],
)
def test_a_lookup_is_found_written_and_unchanged_the_second_time(
    client: DataverseClient, lookup: MappingRow, fields: dict[str, Any], read: str, expected: str
) -> None:
    table = read_table(client, "lead")
    rows = [*NAMES, lookup]
    person = {"lastName": "Ngata", **fields}
    planned = _plan(client, table, rows, person)
    assert isinstance(planned.records[0].plan, Create)
    assert write(client, table, planned.records, None) == {}
    again = _plan(client, table, rows, person)
    assert isinstance(again.records[0].plan, Unchanged)
    assert _existing(again).values[read] == expected


def _existing(planned: Planned) -> ExistingRecord:
    found = planned.candidates.choose(planned.identities[1], ObjectPreferences(match_rules=RULES_OF[LEAD]))
    assert isinstance(found, ExistingRecord)
    return found


def test_a_lookup_moves_to_another_record_and_what_is_ambiguous_stays_out(client: DataverseClient) -> None:
    table = read_table(client, "lead")
    rows = [
        *NAMES,
        _lookup("companyWebsite", "parentaccountid", "websiteurl"),
        _lookup("companyName", "parentaccountid", "name"),
    ]
    first = _plan(client, table, rows, {"lastName": "Ngata", "companyWebsite": "contoso.example"})
    write(client, table, first.records, None)
    moved = _plan(client, table, rows, {"lastName": "Ngata", "companyWebsite": "fabrikam.example"})
    assert isinstance(moved.records[0].plan, Update)
    assert moved.records[0].plan.values == {"parentaccountid@odata.bind": f"/accounts({FABRIKAM})"}
    assert write(client, table, moved.records, None) == {}
    several = _plan(client, table, rows, {"lastName": "Ngata", "companyName": "fabrikam"})
    assert isinstance(several.records[0].plan, Unchanged)
    assert "2 records of Account" in (several.records[0].note or "")


def test_the_owner_is_found_by_mail_and_the_currency_by_its_code(client: DataverseClient) -> None:
    table = read_table(client, "lead")
    rows = [
        *NAMES,
        options(
            constant("ada.lindqvist@contoso.example", "ownerid", OVERWRITE),
            lookup=LookupRule("systemuser", "internalemailaddress"),
        ),
        options(
            constant("eur", "transactioncurrencyid", OVERWRITE),
            lookup=LookupRule("transactioncurrency", "isocurrencycode"),
        ),
    ]
    planned = _plan(client, table, rows, {"lastName": "Ngata"})
    [record] = planned.records
    assert isinstance(record.plan, Create)
    assert write(client, table, planned.records, None) == {}
    assert isinstance(_plan(client, table, rows, {"lastName": "Ngata"}).records[0].plan, Unchanged)
    assert {name for name in record.plan.values if "@" in name} == {
        "ownerid@odata.bind",
        "transactioncurrencyid@odata.bind",
    }


def test_a_table_or_column_that_is_no_name_never_reaches_the_organization(client: DataverseClient) -> None:
    before = client.requests.requests
    hostile = [
        LookupRule("account')/x", "name"),
        LookupRule("account", "name'\r\nHost: x"),
        LookupRule("$batch", "a"),
    ]
    assert read_targets(client, hostile) == {}
    assert client.requests.requests == before


def test_a_table_that_is_not_there_is_absent(client: DataverseClient) -> None:
    found = read_targets(client, [LookupRule("new_nothing", "name"), LookupRule("account", "websiteurl")])
    assert set(found) == {"account"}
    assert found["account"].entity_set == "accounts"
    assert found["account"].columns["websiteurl"].is_url
    assert found["account"].has_state


_texts = st.one_of(
    st.sampled_from(
        ["Ada", "x" * 5000, "🙂" * 300, "שלום עולם " * 40, "a\u0301" * 400, "\x00\r\n\t", "'; drop", "<b>"]
    ),
    st.text(max_size=40),
)
_values = st.one_of(
    _texts,
    st.integers(-(2**63), 2**63),
    st.floats(),
    st.booleans(),
    st.none(),
    st.datetimes().map(str),
    st.sampled_from(
        ["1752-12-31", "9999-12-31T23:59:59+00:00", "0001-01-01", "2026-02-30", "1,234.567", "12/31/2026"]
    ),
    st.lists(_texts, max_size=3),
)
# A lead's creation date is among its writable columns, and yet Dynamics fills it in itself.
_SKIPPED = {"ownerid", "transactioncurrencyid", "statecode", "statuscode", "leadid", "createdon"}


@settings(max_examples=25, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
@given(st.data())
def test_every_payload_that_passes_conversion_passes_the_organizations_own_validation(
    client: DataverseClient, data: st.DataObject
) -> None:
    table = read_table(client, "lead")
    mappable = [
        each
        for each in table.columns.values()
        if each.mappable and each.name not in _SKIPPED and not each.is_lookup
    ]
    fields = vendor_fields(LEAD)
    rows = [*NAMES]
    for target in data.draw(
        st.lists(st.sampled_from(mappable), min_size=5, max_size=25, unique_by=lambda each: each.name)
    ):
        fitting = [each.name for each in fields.values() if target.type in COMPATIBLE[each.type]]
        if not fitting or target.name in {"subject", "lastname"}:
            continue
        made = row(data.draw(st.sampled_from(fitting)), target.name, OVERWRITE)
        if target.type in {ColumnType.STRING, ColumnType.MEMO}:
            made = options(
                made,
                too_long=data.draw(st.sampled_from(TooLong)),
                phone_format=data.draw(st.sampled_from(PhoneFormat)),
            )
        rows.append(made)
    used = sorted({each.source.field for each in rows if hasattr(each.source, "field")} - {"id"})
    people = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(used, _values)), min_size=1, max_size=4))
    people = [
        {**each, "lastName": f"Ngata {place}", "email": f"{place}@x.example"}
        for place, each in enumerate(people)
    ]
    planned = _plan(client, table, rows, *people)
    refused = write(client, table, planned.records, None)
    assert {place: (error.code, error.column, error.detail) for place, error in refused.items()} == {}
    again = _plan(client, table, rows, *people)
    changed = [each.plan for each in again.records if isinstance(each.plan, (Create, Update))]
    assert changed == []


_EXPORT = Export(
    id=ExportId("998200000000000-0123456789ab"),
    tenant=TENANT,
    object_type=LEAD,
    state=ExportState.RUNNING,
    requested_by=UserId("ada"),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def test_an_edit_in_dynamics_is_kept_and_what_this_service_wrote_is_overwritten(
    client: DataverseClient,
) -> None:
    table, ledger = read_table(client, "lead"), WriteLedger(MemoryTable())
    rows = [
        *NAMES,
        options(row("jobTitle", "jobtitle", OVERWRITE), protect_edits=True),
        row("phone", "telephone1", OVERWRITE),
    ]

    def export(job: str, phone: str) -> Planned:
        mapping = compile_for(TENANT, LEAD, rows, table.columns, targets={})
        rules = PlanRules(LEAD, mapping, ObjectPreferences(match_rules=RULES_OF[LEAD]))
        person = VendorRecord(1, 1, {"id": 1, "lastName": "Ngata", "jobTitle": job, "phone": phone})
        of_leads = ledger.of(TENANT, LEAD)
        remembered = Remembered(of_leads.read)
        planned = plan_records(client, table, rules, [person], tenant=TENANT, remembered=remembered)
        refused = write(client, table, planned.records, None)
        remember_writes(of_leads, _EXPORT, mapping, planned.records, refused=refused)
        return planned

    created = export("CFO", "1").records[0].plan
    assert isinstance(created, Create)
    assert _changed(export("CTO", "1")) == {"jobtitle": "CTO"}
    client.send(messages.update("leads", created.id, {"jobtitle": "Queen"}))
    after_edit = export("CEO", "2")
    assert _changed(after_edit) == {"telephone1": "2"}
    [kept] = after_edit.records
    assert (kept.code, kept.column) == ("protectedEdit", "jobtitle")
    assert isinstance(export("CEO", "2").records[0].plan, Unchanged)


def _changed(planned: Planned) -> dict[str, Any]:
    plan = planned.records[0].plan
    assert isinstance(plan, Update)
    return dict(plan.values)
