import os
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from racing import race

from shared.domain.connection import FLOW_LIFETIME, AuthFlow, FlowPurpose
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.account import StorageAccount
from shared.storage.auth_flows import AuthFlowStore, new_state
from shared.storage.names import Table
from shared.storage.table import TableStore

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def flow(tenant: TenantId, **changes: object) -> AuthFlow:
    issued = AuthFlow(
        state=new_state(tenant, os.urandom(32)),
        purpose=FlowPurpose.TENANT_CONNECTION,
        tenant=tenant,
        user=UserId("ada"),
        organization=parse_organization_url("contoso.crm4.dynamics.com"),
        directory=DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"),
        return_url="https://portal.example/done?x=1",
        msal_flow='{"code_verifier": "v"}',
        expires_at=NOW + FLOW_LIFETIME,
    )
    return replace(issued, **changes)


@pytest.fixture
def rows(storage_account: StorageAccount) -> TableStore:
    return storage_account.table(Table.AUTH_FLOWS)


@pytest.fixture
def flows(rows: TableStore) -> AuthFlowStore:
    return AuthFlowStore(rows)


def refusal(flows: AuthFlowStore, state: str, now: datetime = NOW) -> str:
    with pytest.raises(InvalidRequest) as refused:
        flows.consume(state, now)
    return refused.value.code


def test_a_sign_in_comes_back_once(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    assert flows.consume(issued.state, NOW) == issued
    assert refusal(flows, issued.state) == "signInUnknown"


def test_of_twenty_that_consume_one_sign_in_one_wins(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant, return_url=None)
    flows.issue(issued, NOW)
    results = race(20, lambda _: flows.consume(issued.state, NOW))
    assert [result for result in results if isinstance(result, AuthFlow)] == [issued]
    assert sum(isinstance(result, InvalidRequest) for result in results) == 19


def test_a_sign_in_ends_after_ten_minutes(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    assert refusal(flows, issued.state, NOW + timedelta(minutes=10)) == "signInExpired"
    assert refusal(flows, issued.state) == "signInUnknown"


def test_the_state_is_not_kept(flows: AuthFlowStore, rows: TableStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    secret = issued.state.partition(".")[2]
    assert secret not in str(list(rows.rows(tenant)))


def sealed(rows: TableStore, tenant: TenantId) -> tuple[str, dict[str, str]]:
    """The row of the tenant's one sign-in: its name, and what is in it."""
    (row,) = list(rows.rows(tenant))
    values = dict(row.value)
    return values.pop("RowKey"), values


def test_what_msal_keeps_cannot_be_read_in_the_table(
    flows: AuthFlowStore, rows: TableStore, tenant: TenantId
) -> None:
    flows.issue(flow(tenant, msal_flow='{"code_verifier": "the-verifier"}'), NOW)
    _, values = sealed(rows, tenant)
    for shown in (str(values).encode(), b64decode(values["sealedFlow"])):
        assert b"verifier" not in shown


def test_a_sign_in_that_was_changed_in_the_table_is_unknown(
    flows: AuthFlowStore, rows: TableStore, tenant: TenantId
) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    name, values = sealed(rows, tenant)
    content = bytearray(b64decode(values["sealedFlow"]))
    content[-1] ^= 1
    rows.put(tenant, name, {**values, "sealedFlow": b64encode(content).decode()})
    assert refusal(flows, issued.state) == "signInUnknown"


def test_a_sign_in_under_the_name_of_another_one_is_unknown(
    flows: AuthFlowStore, rows: TableStore, tenant: TenantId
) -> None:
    """As by somebody who can write the table and knows a state of their own."""
    flows.issue(flow(tenant, msal_flow='{"code_verifier": "theirs"}'), NOW)
    stolen, values = sealed(rows, tenant)
    mine = flow(tenant)
    flows.issue(mine, NOW)
    (own,) = [row.value["RowKey"] for row in rows.rows(tenant) if row.value["RowKey"] != stolen]
    rows.put(tenant, own, values)
    assert refusal(flows, mine.state) == "signInUnknown"


@pytest.mark.parametrize(
    "state",
    [
        "",
        ".",
        "a.",
        ".a",
        "a",
        "A.x",
        "=.x",
        "====.x",
        "\u00e4.x",
        "a" * 500 + ".x",
        "Y29udG9zbw.wrong",
        "*.x",
    ],
)
def test_a_made_up_state_is_unknown(flows: AuthFlowStore, state: str) -> None:
    assert refusal(flows, state) == "signInUnknown"


def test_a_state_of_another_tenant_is_unknown(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    moved = new_state(TenantId("other"), b"x").partition(".")[0] + "." + issued.state.partition(".")[2]
    assert refusal(flows, moved) == "signInUnknown"


def test_a_tenant_with_a_strange_name_signs_in(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(TenantId(f"{tenant}|/\\#?~=.\u00e9"))
    flows.issue(issued, NOW)
    assert flows.consume(issued.state, NOW) == issued


def test_a_sign_in_is_under_way_until_it_is_answered_or_over(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    assert flows.is_under_way(tenant, FlowPurpose.TENANT_CONNECTION, NOW)
    assert not flows.is_under_way(tenant, FlowPurpose.ADMIN_CONSENT, NOW)
    assert not flows.is_under_way(tenant, FlowPurpose.TENANT_CONNECTION, NOW + FLOW_LIFETIME)
    flows.consume(issued.state, NOW)
    assert not flows.is_under_way(tenant, FlowPurpose.TENANT_CONNECTION, NOW)


def test_sign_ins_that_nobody_answered_are_forgotten_at_the_next_one(
    flows: AuthFlowStore, rows: TableStore, tenant: TenantId
) -> None:
    later = NOW + timedelta(hours=1)
    flows.issue(flow(tenant), NOW)
    flows.issue(flow(tenant), NOW)
    flows.issue(flow(tenant, expires_at=later + FLOW_LIFETIME), later)
    assert len(list(rows.rows(tenant))) == 1


def test_ended_sign_ins_cannot_be_answered(flows: AuthFlowStore, tenant: TenantId) -> None:
    issued = flow(tenant)
    flows.issue(issued, NOW)
    flows.delete_all(tenant)
    assert refusal(flows, issued.state) == "signInUnknown"
