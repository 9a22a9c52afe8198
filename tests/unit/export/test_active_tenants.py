"""A sweep reads what is under way, and not every export that there ever was."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.exports import ExportState
from shared.storage.active import NOTED_FOR
from shared.storage.filters import Filter
from shared.storage.table import Stored
from tests.fakes import MemoryTable
from tests.unit.export.engine import TENANT, Engine

DAY = timedelta(days=1)


class Watched(MemoryTable):
    """A table that tells when all of it was looked through."""

    scans = 0

    def everywhere(self, where: Filter) -> Iterator[Stored[dict[str, Any]]]:
        self.scans += 1
        return super().everywhere(where)


@pytest.fixture
def engine() -> Engine:
    made = Engine(chunk_size=2, window=2)
    made.tables["exports"] = Watched("exports")
    made.start()
    assert made.recovery.sweep() == 0  # the first sweep of all looks through everything
    return made


def scans(engine: Engine) -> int:
    table = engine.tables["exports"]
    assert isinstance(table, Watched)
    return table.scans


def stop(engine: Engine) -> None:
    """All messages are lost, and time enough passes that the sweep takes an export for stalled."""
    engine.messages()
    engine.clock.now += timedelta(hours=1)


def test_what_has_stopped_is_found_without_looking_through_all_exports(engine: Engine) -> None:
    export = engine.export(6)
    before = scans(engine)
    stop(engine)
    assert engine.recovery.sweep() == 1
    engine.work()
    assert engine.seen(export).state is ExportState.SUCCEEDED
    assert scans(engine) == before


def test_a_tenant_with_nothing_under_way_is_looked_at_no_more(engine: Engine) -> None:
    engine.export(2)
    engine.work()
    assert engine.tables["active"].get(TENANT, "running") is not None
    engine.clock.now += 4 * NOTED_FOR
    engine.recovery.sweep()
    assert engine.tables["active"].get(TENANT, "running") is None
    again = engine.export(6)
    stop(engine)
    assert engine.recovery.sweep() == 1
    engine.work()
    assert engine.seen(again).state is ExportState.SUCCEEDED


def test_a_tenant_that_started_something_lately_stays_though_it_has_ended(engine: Engine) -> None:
    engine.export(2)
    engine.work()
    engine.recovery.sweep()
    assert engine.tables["active"].get(TENANT, "running") is not None


def test_who_starts_an_export_while_the_sweep_forgets_the_tenant_is_not_forgotten(engine: Engine) -> None:
    engine.export(2)
    engine.work()
    engine.clock.now += 4 * NOTED_FOR
    (tenant,) = engine.active.every()
    export = engine.export(6)
    engine.active.forget(tenant)
    stop(engine)
    assert engine.recovery.sweep() == 1
    engine.work()
    assert engine.seen(export).state is ExportState.SUCCEEDED


def test_what_an_index_lacks_is_found_within_a_day_and_then_known(engine: Engine) -> None:
    export = engine.export(6)
    stop(engine)
    engine.tables["active"].delete(TENANT, "running")
    engine.start()
    assert engine.recovery.sweep() == 0
    engine.clock.now += DAY
    assert engine.recovery.sweep() == 1
    engine.messages()
    engine.clock.now += timedelta(hours=1)
    before = scans(engine)
    assert engine.recovery.sweep() == 1
    engine.work()
    assert (engine.seen(export).state, scans(engine)) == (ExportState.SUCCEEDED, before)
