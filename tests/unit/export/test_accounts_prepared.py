"""By what the accounts of leads' companies are made is settled with the export."""

from types import SimpleNamespace
from typing import Any

import pytest

from functions.export.prepared import PreparedExport, PreparedExports
from functions.owners import Owners
from shared.domain.export_settings import AccountSettings, ExportSettings
from shared.domain.exports import Export, ExportState
from shared.domain.fields import ColumnCatalog, ColumnType
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.preferences import ConnectionMode
from tests.builders import column, preferences, row, standard
from tests.unit.export.engine import Clock

PARENT = column(
    "parentaccountid",
    ColumnType.LOOKUP,
    targets=("account",),
    navigation=(("account", "parentaccountid"),),
)
ACCOUNTS = AccountSettings((row("name", "name"),), preferences(ObjectType.ACCOUNT))


def prepared(leads: ColumnCatalog, accounts: AccountSettings | None) -> PreparedExport:
    tables = {ObjectType.LEAD: leads, ObjectType.ACCOUNT: standard(ObjectType.ACCOUNT)}
    organizations: Any = SimpleNamespace(
        client=lambda *_: "client",
        table=lambda _tenant, kind, _client: SimpleNamespace(columns=tables[kind], table=kind.value),
    )
    settings = ExportSettings((), preferences(), ConnectionMode.INDIVIDUAL, accounts=accounts)
    clock = Clock()
    export = Export(
        id=ExportId("998200000000000-0123456789ab"),
        tenant=TenantId("contoso"),
        object_type=ObjectType.LEAD,
        state=ExportState.RUNNING,
        requested_by=UserId("ada"),
        created_at=clock.now,
    )
    return PreparedExports(organizations, lambda *_: settings, Owners(clock)).of(export)


def test_they_are_made_by_the_mapping_and_the_decisions_about_accounts() -> None:
    companies = prepared(standard(ObjectType.LEAD, PARENT), ACCOUNTS).companies
    assert companies is not None
    assert (companies.table.table, companies.bound) == ("account", "parentaccountid@odata.bind")
    rules = companies.rules
    assert (rules.object_type, rules.preferences) == (ObjectType.ACCOUNT, ACCOUNTS.preferences)
    assert "name" in rules.mapping.compared


@pytest.mark.parametrize(
    ("leads", "accounts"),
    [(standard(ObjectType.LEAD, PARENT), None), (standard(ObjectType.LEAD), ACCOUNTS)],
    ids=["nobody decided so", "the organization's leads name no account"],
)
def test_none_are_made_otherwise(leads: ColumnCatalog, accounts: AccountSettings | None) -> None:
    assert prepared(leads, accounts).companies is None
