"""What waits for an administrator, and why exports wait: kept, told, over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.domain.connection import APPROVAL_LIFETIME, Approval, Attention, FlowPurpose
from shared.domain.errors import InvalidRequest
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import parse_organization_url
from shared.storage.approvals import ApprovalStore, new_link
from shared.storage.attentions import FADES, AttentionStore
from shared.storage.crypto import EnvelopeCipher
from shared.storage.key_file import FileKeys
from tests.fakes import MemoryTable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIRECTORY = DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801")
CONTOSO, BRUNO, CARLA = TenantId("contoso"), UserId("bruno"), UserId("carla/../#?")


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()


@pytest.fixture
def approvals(table: MemoryTable, tmp_path: Path) -> ApprovalStore:
    return ApprovalStore(table, EnvelopeCipher(FileKeys(tmp_path / "keys.json")))


def approval(user: UserId = BRUNO, directory: DirectoryId = DIRECTORY) -> Approval:
    return Approval(
        tenant=CONTOSO,
        user=user,
        purpose=FlowPurpose.USER_CONNECTION,
        organization=parse_organization_url("https://contoso.crm4.dynamics.com"),
        directory=directory,
        link=new_link(CONTOSO, user, user.encode()[:1] * 32),
        expires_at=NOW + APPROVAL_LIFETIME,
    )


def ticket(user: UserId = BRUNO) -> str:
    return new_link(CONTOSO, user, b"t" * 32)


def code(call: object) -> str:
    with pytest.raises(InvalidRequest) as refused:
        call()  # type: ignore[operator]  # a call without parameters
    return refused.value.code


def test_an_approval_comes_back_to_its_person_and_to_whoever_opens_the_link(approvals: ApprovalStore) -> None:
    for user in (BRUNO, CARLA):
        approvals.put(approval(user), ticket(user))
        assert approvals.of(CONTOSO, user, NOW) == approval(user)
        assert approvals.open(approval(user).link, NOW) == approval(user)
    assert approvals.of(TenantId("fabrikam"), BRUNO, NOW) is None


def test_neither_link_nor_ticket_lies_in_the_table(approvals: ApprovalStore, table: MemoryTable) -> None:
    approvals.put(approval(), ticket())
    (row,) = list(table.rows("contoso"))
    assert approval().link.rpartition(".")[2] not in str(row.value)
    assert ticket().rpartition(".")[2] not in str(row.value)


def test_a_link_is_good_for_seven_days(approvals: ApprovalStore) -> None:
    approvals.put(approval(), ticket())
    last = NOW + timedelta(days=7) - timedelta(seconds=1)
    assert approvals.open(approval().link, last)
    over = NOW + timedelta(days=7)
    assert approvals.of(CONTOSO, BRUNO, over) is None
    assert code(lambda: approvals.open(approval().link, over)) == "approvalExpired"
    assert code(lambda: approvals.awaited(ticket(), over)) == "approvalExpired"


def test_a_grant_is_for_all_who_wait_for_that_directory(approvals: ApprovalStore) -> None:
    elsewhere = UserId("greta")
    approvals.put(approval(), ticket())
    approvals.put(approval(CARLA), ticket(CARLA))
    approvals.put(approval(elsewhere, DirectoryId("other")), ticket(elsewhere))
    assert approvals.grant(CONTOSO, DIRECTORY) == 2
    assert approvals.awaited(ticket(CARLA), NOW).granted is True
    assert approvals.awaited(ticket(elsewhere), NOW).granted is False
    assert approvals.grant(CONTOSO, DIRECTORY) == 0


def test_a_ticket_is_spent_once(approvals: ApprovalStore) -> None:
    approvals.put(approval(), ticket())
    assert approvals.spend(ticket(), NOW).user == BRUNO
    assert code(lambda: approvals.spend(ticket(), NOW)) == "approvalUnknown"
    assert approvals.open(approval().link, NOW)


def attention(minutes: int = 0, name: str = "privilegeMissing") -> Attention:
    return Attention(name, f"{name} at {minutes}", NOW + timedelta(minutes=minutes))


def test_a_reason_that_is_met_again_keeps_its_beginning(table: MemoryTable) -> None:
    store = AttentionStore(table)
    store.note(CONTOSO, "tenant", attention())
    store.note(CONTOSO, "tenant", attention(40))
    found = store.get(CONTOSO, "tenant", NOW + timedelta(minutes=90))
    assert found == Attention("privilegeMissing", "privilegeMissing at 40", NOW)


def test_another_reason_takes_its_place(table: MemoryTable) -> None:
    store = AttentionStore(table)
    store.note(CONTOSO, "tenant", attention())
    store.note(CONTOSO, "tenant", attention(5, "userDisabled"))
    assert store.get(CONTOSO, "tenant", NOW) == attention(5, "userDisabled")
    assert store.get(CONTOSO, "user:bruno", NOW) is None


def test_what_nobody_met_for_an_hour_is_over(table: MemoryTable) -> None:
    store = AttentionStore(table)
    store.note(CONTOSO, "tenant", attention())
    assert store.get(CONTOSO, "tenant", NOW + FADES) is not None
    assert store.get(CONTOSO, "tenant", NOW + FADES + timedelta(seconds=1)) is None


def test_a_cleared_reason_is_gone(table: MemoryTable) -> None:
    store = AttentionStore(table)
    store.note(CONTOSO, "tenant", attention())
    store.clear(CONTOSO, "tenant")
    store.clear(CONTOSO, "tenant")
    assert store.get(CONTOSO, "tenant", NOW) is None
