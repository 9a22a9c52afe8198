from dataclasses import replace
from datetime import UTC, datetime

import pytest
from racing import race

from shared.domain.connection import Access, Attention, Connection, ConnectionState
from shared.domain.ids import DirectoryId, ObjectType, TenantId, UserId
from shared.domain.mapping import (
    ConstantSource,
    Mapping,
    MappingRow,
    OnInvalid,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.domain.organization import parse_organization_url
from shared.domain.preferences import (
    ConnectionMode,
    ExportObjects,
    ExportPreferences,
    MatchRule,
    ObjectPreferences,
    OnReadOnlyMatch,
    OnSeveralMatches,
)
from shared.storage.account import StorageAccount
from shared.storage.connections import AccessStore, ConnectionStore
from shared.storage.defaults import DEFAULT_ETAG
from shared.storage.mappings import MappingStore
from shared.storage.names import Table
from shared.storage.preferences import PreferencesStore
from shared.storage.table import Changed, TableStore
from shared.storage.user_connections import UserConnectionStore

ADA, BRUNO = UserId("ada"), UserId("bruno/../#?")
CHANGED = Attention("passwordChanged", "The password was changed.", datetime(2026, 1, 3, tzinfo=UTC))
FULL = Connection(
    state=ConnectionState.CONNECTED,
    organization=parse_organization_url("https://contoso.crm4.dynamics.com"),
    directory=DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"),
    organization_id="d1e2f3a4-b5c6-47d8-89ea-fb0c1d2e3f40",
    organization_name="Contoso",
    account_id="oid.tid",
    account_name="ada.lindqvist@contoso.example",
    dynamics_user_id="0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301",
    connected_by=ADA,
    connected_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    consent_granted=True,
    attention=None,
)
BARE = Connection(
    state=ConnectionState.PENDING,
    organization=FULL.organization,
    directory=FULL.directory,
    connected_by=ADA,
)


@pytest.fixture
def tenants(storage_account: StorageAccount) -> TableStore:
    return storage_account.table(Table.TENANTS)


@pytest.mark.parametrize("connection", [FULL, BARE], ids=["full", "bare"])
def test_a_connection_comes_back_as_it_was_kept(
    tenants: TableStore, tenant: TenantId, connection: Connection
) -> None:
    store = ConnectionStore(tenants)
    assert store.get(tenant) is None
    tag = store.replace(tenant, connection, DEFAULT_ETAG)
    found = store.get(tenant)
    assert found is not None
    assert (found.value, found.etag) == (connection, tag)


def test_a_connection_is_made_once(tenants: TableStore, tenant: TenantId) -> None:
    store = ConnectionStore(tenants)
    results = race(8, lambda _: store.replace(tenant, BARE, DEFAULT_ETAG))
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, Changed) for result in results) == 7


def test_a_connection_whose_sign_in_is_refused_asks_for_a_new_one(
    tenants: TableStore, tenant: TenantId
) -> None:
    store = ConnectionStore(tenants)
    store.require_reauthorization(tenant, CHANGED)
    store.replace(tenant, FULL, None)
    store.require_reauthorization(tenant, CHANGED)
    found = store.get(tenant)
    assert found is not None
    assert found.value == replace(FULL, state=ConnectionState.REAUTHORIZATION_REQUIRED, attention=CHANGED)


def test_connections_of_users_are_apart(storage_account: StorageAccount, tenant: TenantId) -> None:
    store = UserConnectionStore(storage_account.table(Table.USER_CONNECTIONS))
    store.replace(tenant, ADA, FULL, DEFAULT_ETAG)
    store.replace(tenant, BRUNO, BARE, DEFAULT_ETAG)
    found = store.get(tenant, BRUNO)
    assert found is not None
    assert found.value == BARE
    store.delete(tenant, ADA)
    assert store.get(tenant, ADA) is None
    assert store.delete_all(tenant) == 1
    assert store.get(tenant, BRUNO) is None


def test_a_users_connection_whose_sign_in_is_refused_asks_for_a_new_one(
    storage_account: StorageAccount, tenant: TenantId
) -> None:
    store = UserConnectionStore(storage_account.table(Table.USER_CONNECTIONS))
    store.require_reauthorization(tenant, ADA, CHANGED)
    store.replace(tenant, ADA, FULL, None)
    store.require_reauthorization(tenant, ADA, CHANGED)
    found = store.get(tenant, ADA)
    assert found is not None
    assert (found.value.state, found.value.problem) == (
        ConnectionState.REAUTHORIZATION_REQUIRED,
        "The password was changed.",
    )


@pytest.mark.parametrize(
    "access",
    [
        Access(enabled=True),
        Access(enabled=True, users=frozenset()),
        Access(enabled=False, users=frozenset({ADA, BRUNO})),
        Access(enabled=True, users=frozenset(UserId(f"user-{number}" + "x" * 60) for number in range(2000))),
    ],
    ids=["everybody", "nobody", "some, switched off", "very many"],
)
def test_access_comes_back_as_it_was_saved(tenants: TableStore, tenant: TenantId, access: Access) -> None:
    store = AccessStore(tenants)
    assert store.get(tenant).value == Access()
    tag = store.replace(tenant, access, store.get(tenant).etag)
    assert (store.get(tenant).value, store.get(tenant).etag) == (access, tag)


def test_preferences_have_defaults_until_they_are_saved(tenants: TableStore, tenant: TenantId) -> None:
    store = PreferencesStore(tenants)
    assert store.get(tenant).value == ExportPreferences()
    other = ObjectPreferences(
        create_new=False,
        update_existing=False,
        allow_duplicates=True,
        max_records_per_export=3_000_000_000,
        match_rules=(MatchRule.NAME,),
        on_several_matches=OnSeveralMatches.UPDATE_NEWEST,
        on_read_only_match=OnReadOnlyMatch.CREATE_NEW,
    )
    saved = ExportPreferences(
        export_objects=ExportObjects.LEADS_ONLY, connection=ConnectionMode.INDIVIDUAL, account=other
    )
    store.replace(tenant, saved, store.get(tenant).etag)
    assert store.get(tenant).value == saved


def test_of_two_that_save_over_the_defaults_one_wins(tenants: TableStore, tenant: TenantId) -> None:
    store = PreferencesStore(tenants)
    default = store.get(tenant)
    store.replace(tenant, ExportPreferences(export_objects=ExportObjects.LEADS_ONLY), default.etag)
    with pytest.raises(Changed):
        store.replace(tenant, ExportPreferences(), default.etag)
    assert store.get(tenant).value.export_objects is ExportObjects.LEADS_ONLY


def test_what_is_saved_over_anything_wins(tenants: TableStore, tenant: TenantId) -> None:
    store = PreferencesStore(tenants)
    store.replace(tenant, ExportPreferences(export_objects=ExportObjects.LEADS_ONLY), None)
    store.replace(tenant, ExportPreferences(), None)
    assert store.get(tenant).value == ExportPreferences()


def mapping(rows: int = 1) -> Mapping:
    sources = [
        VendorSource("firstName"),
        ConstantSource(value=True),
        ConstantSource(value=1.5),
        TemplateSource("{firstName} \u00b7 {lastName} \U0001f600"),
    ]
    return Mapping(
        object_type=ObjectType.LEAD,
        rows=tuple(
            MappingRow(
                source=sources[number % len(sources)],
                column=f"column{number}",
                update_option=UpdateOption.OVERWRITE,
                on_invalid=OnInvalid.FAIL_RECORD,
            )
            for number in range(rows)
        ),
        version=3,
        updated_by=ADA,
        updated_at=datetime(2026, 1, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize("rows", [0, 4, 2000], ids=["empty", "few", "longer than a property"])
def test_a_mapping_comes_back_as_it_was_saved(tenants: TableStore, tenant: TenantId, rows: int) -> None:
    store = MappingStore(tenants)
    assert store.get(tenant, ObjectType.LEAD).value is None
    tag = store.replace(tenant, mapping(rows), store.get(tenant, ObjectType.LEAD).etag)
    found = store.get(tenant, ObjectType.LEAD)
    assert (found.value, found.etag) == (mapping(rows), tag)
    assert store.get(tenant, ObjectType.ACCOUNT).value is None


def test_a_deleted_mapping_gives_way_to_the_default(tenants: TableStore, tenant: TenantId) -> None:
    store = MappingStore(tenants)
    tag = store.replace(tenant, mapping(), None)
    with pytest.raises(Changed):
        store.delete(tenant, ObjectType.LEAD, DEFAULT_ETAG)
    store.delete(tenant, ObjectType.LEAD, tag)
    store.delete(tenant, ObjectType.LEAD, DEFAULT_ETAG)
    store.delete(tenant, ObjectType.LEAD, None)
    assert store.get(tenant, ObjectType.LEAD).value is None
