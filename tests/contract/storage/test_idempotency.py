from datetime import UTC, datetime, timedelta

import pytest
from racing import race

from shared.domain.ids import ExportId, TenantId, UserId
from shared.storage.account import StorageAccount
from shared.storage.idempotency import Claim, Claimed, IdempotencyStore, Mismatch, Replay
from shared.storage.names import Table

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ADA, BRUNO = UserId("ada"), UserId("bruno")


@pytest.fixture
def store(storage_account: StorageAccount) -> IdempotencyStore:
    return IdempotencyStore(storage_account.table(Table.IDEMPOTENCY))


def claim(
    store: IdempotencyStore,
    tenant: TenantId,
    export: str,
    user: UserId = ADA,
    *,
    fingerprint: str = "body",
    now: datetime = NOW,
) -> Claim:
    given = "key \u00e9/#\ud800"
    return store.claim(tenant, user, given, fingerprint=fingerprint, export_id=ExportId(export), now=now)


def test_the_first_claim_is_the_callers(store: IdempotencyStore, tenant: TenantId) -> None:
    assert claim(store, tenant, "e1") == Claimed()


def test_the_same_request_again_is_the_first_export(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    assert claim(store, tenant, "e2") == Replay(ExportId("e1"))


def test_a_claim_whose_answer_was_lost_can_be_repeated(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    assert claim(store, tenant, "e1") == Claimed()


def test_another_request_with_the_same_key_is_refused(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    assert claim(store, tenant, "e2", fingerprint="other") == Mismatch()


def test_keys_of_other_users_and_tenants_are_others(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    assert claim(store, tenant, "e2", BRUNO) == Claimed()
    assert claim(store, TenantId(f"{tenant}-other"), "e3") == Claimed()


def test_a_key_is_free_again_after_24_hours(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    day = timedelta(hours=24)
    assert claim(store, tenant, "e2", now=NOW + day - timedelta(seconds=1)) == Replay(ExportId("e1"))
    assert claim(store, tenant, "e3", fingerprint="other", now=NOW + day) == Claimed()
    assert claim(store, tenant, "e4", fingerprint="other", now=NOW + day) == Replay(ExportId("e3"))


def test_a_released_key_is_free_again(store: IdempotencyStore, tenant: TenantId) -> None:
    store.claim(tenant, ADA, "k", fingerprint="a", export_id=ExportId("e1"), now=NOW)
    store.release(tenant, ADA, "k")
    again = store.claim(tenant, ADA, "k", fingerprint="b", export_id=ExportId("e2"), now=NOW)
    assert again == Claimed()


@pytest.mark.parametrize("start", [NOW, NOW + timedelta(hours=30)], ids=["new", "over an old claim"])
def test_of_many_that_claim_at_once_one_wins(
    store: IdempotencyStore, tenant: TenantId, start: datetime
) -> None:
    if start > NOW:
        claim(store, tenant, "old")
    results = race(12, lambda number: claim(store, tenant, f"e{number}", now=start))
    winners = [number for number, result in enumerate(results) if result == Claimed()]
    assert len(winners) == 1
    others = [result for result in results if result != Claimed()]
    assert others == [Replay(ExportId(f"e{winners[0]}"))] * 11


def test_claims_whose_time_is_over_are_swept(store: IdempotencyStore, tenant: TenantId) -> None:
    claim(store, tenant, "e1")
    claim(store, tenant, "e2", BRUNO, now=NOW + timedelta(hours=10))
    assert store.forget_expired(NOW + timedelta(hours=25)) >= 1
    assert claim(store, tenant, "e3", BRUNO, now=NOW + timedelta(hours=25)) == Replay(ExportId("e2"))
    assert claim(store, tenant, "e4", now=NOW) == Claimed()
