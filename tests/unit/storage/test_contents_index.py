"""Retention reads the days that are over, and not every export that there ever was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from shared.domain.exports import Export, ExportState
from shared.domain.ids import ObjectType, TenantId, UserId, new_export_id
from shared.storage.expiries import ContentsIndex
from shared.storage.exports import ExportStore
from shared.storage.filters import Filter
from shared.storage.table import Stored
from tests.fakes import MemoryTable

CONTOSO, FABRIKAM = TenantId("contoso"), TenantId("fabrikam")
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAYS = 30


class Watched(MemoryTable):
    """A table that tells how often all of it was looked through."""

    scans = 0

    def everywhere(self, where: Filter) -> Iterator[Stored[dict[str, Any]]]:
        self.scans += 1
        return super().everywhere(where)


class Kept:
    """Exports that end, and a retention that forgets them."""

    def __init__(self) -> None:
        self.now = START
        self.table, self.index = Watched(), MemoryTable()
        self._numbers = count(1)
        self.start()

    def start(self) -> None:
        """A new process."""
        lifetime = timedelta(days=DAYS)
        index = ContentsIndex(self.index, lambda: self.now, lifetime)
        self.exports = ExportStore(self.table, contents=index)

    def end(self, tenant: TenantId = CONTOSO, store: ExportStore | None = None) -> Export:
        """An export that ends now; by way of another release, where its store is given."""
        exports = store or self.exports
        export = Export(
            id=new_export_id(next(self._numbers), bytes(6)),
            tenant=tenant,
            object_type=ObjectType.LEAD,
            state=ExportState.RUNNING,
            requested_by=UserId("ada"),
            created_at=self.now,
        )
        exports.add(export)
        ended = replace(export, state=ExportState.SUCCEEDED, ended_at=self.now)
        stored = exports.get(tenant, export.id)
        assert stored is not None
        exports.replace(ended, stored.etag)
        return ended

    def due(self) -> list[Export]:
        return list(self.exports.with_contents_ended_before(self.now - timedelta(days=DAYS)))

    def forget(self) -> set[str]:
        """What retention does with what is due; gives the ids."""
        found = self.due()
        for export in found:
            self.exports.change(export.tenant, export.id, lambda now: replace(now, contents_deleted=True))
        return {export.id for export in found}

    def days(self) -> int:
        return len(list(self.index.everywhere(Filter("RowKey ge @day", {"day": "0"}))))


@pytest.fixture
def kept() -> Kept:
    made = Kept()
    assert made.due() == []  # the first time everything is looked through
    return made


def test_what_is_due_is_found_by_its_day_alone(kept: Kept) -> None:
    first, other = kept.end(), kept.end(FABRIKAM)
    kept.now += timedelta(hours=20)
    later = kept.end()
    before = kept.table.scans
    kept.now = START + timedelta(days=DAYS, seconds=1)
    assert kept.forget() == {first.id, other.id}
    kept.now += timedelta(days=1)
    assert kept.forget() == {later.id}
    assert kept.table.scans - before <= 1  # once a week


def test_a_day_is_looked_at_until_nothing_of_it_is_kept(kept: Kept) -> None:
    export = kept.end()
    kept.now += timedelta(days=DAYS + 2)
    assert [each.id for each in kept.due()] == [export.id]
    assert kept.forget() == {export.id}
    assert kept.days() == 1
    assert kept.forget() == set()
    assert kept.days() == 0


def test_what_another_release_ended_is_found_when_its_time_comes(kept: Kept) -> None:
    kept.now += timedelta(days=1)
    export = kept.end(store=ExportStore(kept.table))
    assert kept.days() == 0
    for _ in range(DAYS - 1):
        kept.now += timedelta(days=1)
        assert kept.forget() == set()
    kept.now += timedelta(days=1, seconds=1)
    assert kept.forget() == {export.id}


def test_an_export_that_ended_in_another_process_is_found(kept: Kept) -> None:
    export = kept.end()
    kept.start()
    kept.now += timedelta(days=DAYS + 1)
    assert kept.forget() == {export.id}
