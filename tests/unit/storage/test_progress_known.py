"""What a process knows of an export's progress without asking for it."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.ids import TenantId, new_export_id
from shared.domain.progress import Lane, Progress
from shared.storage.progress import ProgressStore
from tests.fakes import MemoryTable

TENANT, EXPORT = TenantId("contoso"), new_export_id(1, bytes(6))
CUT = Progress(chunk_size=500, touched_at=datetime(2026, 3, 1, tzinfo=UTC), cut=3, records=1_500)


LANE = Lane(chunk=3, due=CUT.touched_at)


def known(progress: Progress) -> bool:
    store = ProgressStore(MemoryTable())
    store.add(TENANT, EXPORT, CUT)
    store.change(TENANT, EXPORT, lambda _: (progress, None))
    return store.is_all_taken(TENANT, EXPORT)


def test_chunks_that_nobody_has_are_still_to_be_taken() -> None:
    assert not known(replace(CUT, whole=True, taken=2))
    assert not known(replace(CUT, whole=True, taken=3, loose={1: True}))


def test_more_may_be_cut_while_the_input_is_read() -> None:
    assert not known(replace(CUT, taken=3))


def test_all_is_taken_when_nothing_more_comes_and_nothing_waits() -> None:
    assert known(replace(CUT, whole=True, taken=3, lanes={1: LANE}))


def test_nothing_is_known_of_what_another_process_writes() -> None:
    table = MemoryTable()
    ProgressStore(table).add(TENANT, EXPORT, replace(CUT, whole=True, taken=3, lanes={1: LANE}))
    assert not ProgressStore(table).is_all_taken(TENANT, EXPORT)


def test_it_is_known_while_a_change_is_under_way() -> None:
    seen: list[bool] = []

    class Watched(MemoryTable):
        def replace(self, *change: object) -> str:
            seen.append(store.is_all_taken(TENANT, EXPORT))
            return super().replace(*change)  # type: ignore[arg-type]  # passed on as it came

    store = ProgressStore(Watched())
    store.add(TENANT, EXPORT, replace(CUT, whole=True, taken=3, lanes={1: LANE, 2: LANE}))
    store.change(TENANT, EXPORT, lambda now: (replace(now, lanes={1: LANE}), None))
    assert seen == [True]
