"""A lane belongs to one worker until its time is over, and then to one of those who want it."""

from datetime import UTC, datetime, timedelta

from racing import race

from shared.domain import progress as steps
from shared.domain.ids import ExportId, TenantId
from shared.domain.progress import Busy, Lane, Progress, Taken
from shared.storage.account import StorageAccount
from shared.storage.names import Table
from shared.storage.progress import ProgressStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
EXPORT = ExportId("998299999999999-000000000001")
RACERS, ROUNDS = 20, 4


def take(account: StorageAccount, tenant: TenantId, holder: str, now: datetime) -> Taken | Busy | None:
    """As another process would, which remembers nothing."""
    return ProgressStore(account.table(Table.CHUNKS)).change(
        tenant, EXPORT, lambda there: steps.take(there, 1, holder, now=now, until=now + LEASE)
    )


def test_while_a_worker_has_a_lane_nobody_else_gets_it_and_afterwards_one_of_twenty(
    storage_account: StorageAccount, tenant: TenantId
) -> None:
    store = ProgressStore(storage_account.table(Table.CHUNKS))
    lanes = {1: Lane(chunk=1, due=NOW)}
    store.add(tenant, EXPORT, Progress(chunk_size=1, touched_at=NOW, whole=True, taken=1, lanes=lanes))
    now = NOW
    for number in range(ROUNDS):
        taken = race(
            RACERS, lambda racer, at=now, turn=number: take(storage_account, tenant, f"{turn}-{racer}", at)
        )
        assert [type(each) for each in taken].count(Taken) == 1
        assert [type(each) for each in taken].count(Busy) == RACERS - 1
        early = now + LEASE - timedelta(seconds=1)
        assert isinstance(take(storage_account, tenant, "early", early), Busy)
        now += LEASE
