"""However many workers of however many processes move an export on: each chunk is given and counted once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from racing import race

from shared.domain import progress as steps
from shared.domain.exports import Counts
from shared.domain.ids import ExportId, TenantId
from shared.domain.progress import Next, Progress, Taken
from shared.storage.account import StorageAccount
from shared.storage.chunks import ChunkStore
from shared.storage.names import Table
from shared.storage.progress import ProgressStore

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EXPORT = ExportId("998299999999999-010203040506")
CHUNKS, LANES, PROCESSES = 40, 6, 2


def test_each_chunk_is_given_and_counted_once(storage_account: StorageAccount, tenant: TenantId) -> None:
    table = storage_account.table(Table.CHUNKS)
    processes = [ProgressStore(table) for _ in range(PROCESSES)]
    empty = Progress(chunk_size=1, touched_at=NOW)
    begun, _ = steps.published(empty, (CHUNKS, CHUNKS), whole=True, width=LANES, now=NOW)
    processes[0].add(tenant, EXPORT, begun)

    def work(number: int) -> list[int]:
        store, lane, chunks = processes[number % PROCESSES], number + 1, []
        taken = store.change(
            tenant, EXPORT, lambda now: steps.take(now, lane, f"{lane}-0", now=NOW, until=LATER)
        )
        while isinstance(taken, Taken):
            held = taken
            chunks.append(held.chunk)
            following = Next(width=LANES, now=NOW, holder=f"{lane}-{len(chunks)}", until=LATER)
            moved = store.change(
                tenant,
                EXPORT,
                lambda now, held=held, following=following: steps.done(  # type: ignore[misc]  # mypy does not infer a lambda's default
                    now, held, Counts(created=1), following
                ),
            )
            taken = moved.taken if moved else None
        return chunks

    given: Counter[int] = Counter()
    for chunks in race(LANES, work):
        assert not isinstance(chunks, Exception), chunks
        given.update(chunks)
    assert given == dict.fromkeys(range(1, CHUNKS + 1), 1)
    end = ProgressStore(table).get(tenant, EXPORT)
    assert end is not None
    assert (end.ended, end.counts.created) == (True, CHUNKS)


def test_progress_is_none_of_the_chunks_and_goes_with_them(
    storage_account: StorageAccount, tenant: TenantId
) -> None:
    table = storage_account.table(Table.CHUNKS)
    store, chunks = ProgressStore(table), ChunkStore(table)
    store.add(tenant, EXPORT, Progress(chunk_size=1, touched_at=NOW))
    assert list(chunks.of(tenant, EXPORT)) == []
    chunks.delete_all(tenant, EXPORT)
    assert store.get(tenant, EXPORT) is None
