"""Rows of the tables saved to lines and loaded again: the same rows, of the tenants that were meant."""

import json
import uuid
from datetime import UTC, datetime

import pytest
from azure.data.tables import TableServiceClient

from local.azurite import StorageNames, create_storage
from local.errors import DevError
from local.release.tables import load, save
from shared.domain.connection import Access
from shared.domain.ids import TenantId
from shared.storage.account import StorageAccount
from shared.storage.clients import ByConnectionString
from shared.storage.connections import AccessStore
from shared.storage.keys import key
from shared.storage.names import CONTAINERS, QUEUES, TABLES, Table


@pytest.fixture(scope="module")
def account(azurite: str) -> StorageAccount:
    create_storage(azurite, StorageNames(TABLES, QUEUES, CONTAINERS))
    return StorageAccount(ByConnectionString(azurite), clock=lambda: datetime.now(UTC))


@pytest.fixture
def service(azurite: str, account: StorageAccount) -> TableServiceClient:
    assert account
    return TableServiceClient.from_connection_string(azurite)


@pytest.fixture
def tenant(account: StorageAccount) -> TenantId:
    """A tenant with settings, what hangs on this region, and a neighbour whose name begins like its own."""
    tenant = TenantId(f"t{uuid.uuid4().hex}")
    tenants, versions = account.table(Table.TENANTS), account.table(Table.MAPPING_VERSIONS)
    for each in (tenant, TenantId(f"{tenant}x")):
        AccessStore(tenants).replace(each, Access(enabled=True, users=None), None)
        tenants.put(key(each), "connection", {"state": "connected"})
        tenants.put(key(each), key("attention", "ada"), {"problem": "x"})
        for number in range(120):
            row = {"number": number, "large": 2**40 + number, "text": "äß", "share": 0.5, "on": True}
            versions.put(key(each, "lead"), f"{number:05}", row)
    return tenant


def keys(lines: list[str]) -> set[tuple[str, str, str]]:
    rows = [json.loads(line) for line in lines]
    return {(each["table"], each["row"]["PartitionKey"], each["row"]["RowKey"]) for each in rows}


def test_a_tenants_settings_are_saved_without_its_sign_ins_and_without_its_neighbours(
    service: TableServiceClient, tenant: TenantId
) -> None:
    saved = keys(list(save(service, tenant)))
    expected = {("mappingversions", f"{tenant}|lead", f"{number:05}") for number in range(120)}
    assert saved == {("tenants", tenant, "access")} | expected


def test_what_is_loaded_is_what_was_saved_to_the_last_type(
    service: TableServiceClient, account: StorageAccount, tenant: TenantId
) -> None:
    lines = list(save(service, tenant))
    table = account.table(Table.MAPPING_VERSIONS)
    before = [row.value for row in table.rows(key(tenant, "lead"))]
    table.delete_all(key(tenant, "lead"))
    account.table(Table.TENANTS).delete(key(tenant), "access")
    assert load(service, lines) == {"tenants": 1, "mappingversions": 120}
    assert [row.value for row in table.rows(key(tenant, "lead"))] == before
    assert AccessStore(account.table(Table.TENANTS)).get(tenant).value == Access(enabled=True, users=None)


def test_what_is_there_already_is_replaced_only_where_that_is_said(
    service: TableServiceClient, account: StorageAccount, tenant: TenantId
) -> None:
    lines = list(save(service, tenant))
    with pytest.raises(DevError, match="--replace"):
        load(service, lines)
    AccessStore(account.table(Table.TENANTS)).replace(tenant, Access(enabled=False, users=None), None)
    load(service, lines, replace=True)
    assert AccessStore(account.table(Table.TENANTS)).get(tenant).value.enabled


def test_a_backup_has_every_row_of_every_tenant(service: TableServiceClient, tenant: TenantId) -> None:
    saved = keys(list(save(service)))
    assert {("tenants", tenant, "connection"), ("tenants", f"{tenant}x", "access")} <= saved


@pytest.mark.parametrize(
    "line", ["no JSON", "[]", '{"table": "elsewhere", "row": {}}', '{"table": "tenants"}']
)
def test_a_file_of_something_else_is_refused_with_its_line(service: TableServiceClient, line: str) -> None:
    with pytest.raises(DevError, match="line 1 is no row"):
        load(service, [line])
