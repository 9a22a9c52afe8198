"""A sign-in that waits for its confirmation is taken once, by its code, by nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.connection import Connection, ConnectionState, FlowPurpose, ProvenSignIn
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.auth_flows import new_state
from shared.storage.confirmations import ConfirmationStore
from shared.storage.crypto import EnvelopeCipher, Unreadable
from tests.fakes import MemoryTable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
CONTOSO, FABRIKAM = TenantId("contoso"), TenantId("fabrikam")
ORGANIZATION = parse_organization_url("https://contoso.crm4.dynamics.com")
DIRECTORY = DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801")
SIGN_IN = ProvenSignIn(
    purpose=FlowPurpose.TENANT_CONNECTION,
    tenant=CONTOSO,
    user=UserId("ada"),
    organization=ORGANIZATION,
    directory=DIRECTORY,
    connection=Connection(
        state=ConnectionState.CONNECTED,
        organization=ORGANIZATION,
        directory=DIRECTORY,
        organization_id="d1e2f3a4-b5c6-47d8-89ea-fb0c1d2e3f40",
        organization_name="Contoso",
        account_id="oid.tid",
        account_name="Ada Lindqvist",
        dynamics_user_id="0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301",
        connected_by=UserId("ada"),
        connected_at=NOW,
        consent_granted=True,
    ),
    tokens="the-refresh-token",
)
APPROVAL = replace(SIGN_IN, purpose=FlowPurpose.APPROVAL, connection=None, tokens="")


def code_of(tenant: TenantId, seed: bytes = b"\1") -> str:
    return new_state(tenant, seed * 32)


class Keys:
    """Wraps by turning the bytes round, under the name of the newest key."""

    newest = "first"

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        return self.newest, data_key[::-1]

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        if key_id not in {"first", "second"}:
            raise Unreadable(f"no key {key_id}")
        return wrapped[::-1]


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable("authflows")


@pytest.fixture
def store(table: MemoryTable) -> ConfirmationStore:
    return ConfirmationStore(table, EnvelopeCipher(Keys()))


@pytest.mark.parametrize("sign_in", [SIGN_IN, APPROVAL], ids=["a connection", "an approval"])
def test_what_waited_is_taken_whole_and_once(store: ConfirmationStore, sign_in: ProvenSignIn) -> None:
    code = code_of(CONTOSO)
    store.hold(sign_in, code, LATER)
    assert store.take(code, NOW) == sign_in
    assert store.take(code, NOW) is None


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1)], ids=["on the dot", "later"])
def test_what_nobody_confirmed_in_time_is_gone(store: ConfirmationStore, late: timedelta) -> None:
    code = code_of(CONTOSO)
    store.hold(SIGN_IN, code, LATER)
    assert store.take(code, LATER + late) is None
    assert store.take(code, NOW) is None


@pytest.mark.parametrize("code", ["", "x", "contoso", code_of(CONTOSO, b"\2"), code_of(FABRIKAM)])
def test_another_code_takes_nothing_and_leaves_what_waits(store: ConfirmationStore, code: str) -> None:
    own = code_of(CONTOSO)
    store.hold(SIGN_IN, own, LATER)
    assert store.take(code, NOW) is None
    assert store.take(own, NOW) == SIGN_IN


def test_a_row_that_was_put_under_another_code_does_not_open(
    store: ConfirmationStore, table: MemoryTable
) -> None:
    code, stolen = code_of(CONTOSO), code_of(CONTOSO, b"\2")
    for each in (code, stolen):
        store.hold(replace(SIGN_IN, user=UserId(f"of-{each}")), each, LATER)
    first, second = (stored.value for stored in table.rows(CONTOSO))
    for row, other in ((first, second), (second, first)):
        kept = {name: value for name, value in other.items() if name != "RowKey"}
        table.put(CONTOSO, row["RowKey"], kept)
    assert store.take(code, NOW) is None
    assert store.take(stolen, NOW) is None


def test_nothing_of_it_can_be_read_in_the_table(store: ConfirmationStore, table: MemoryTable) -> None:
    code = code_of(CONTOSO)
    store.hold(SIGN_IN, code, LATER)
    (stored,) = table.rows(CONTOSO)
    kept = repr(stored.value)
    for secret in (code, SIGN_IN.tokens, "ada", "crm4"):
        assert secret not in kept
