"""Every record has its outcome, and the worker dies before it says that the export has ended."""

from typing import Any

import pytest

from functions.export.messages import WriteMessage
from shared.domain.exports import ExportState
from shared.domain.ids import ExportId
from shared.storage.audit import AuditStore
from tests.fakes import MemoryTable
from tests.unit.export.engine import TENANT, Crash, Engine


class EndlessTable(MemoryTable):
    """Whoever writes down that an export has ended dies instead, as long as it is deadly."""

    deadly = False

    def replace(self, partition: str, row: str, properties: Any, etag: str) -> str:
        if properties.get("endedAt") is not None and self.deadly:
            raise Crash
        return super().replace(partition, row, properties, etag)


@pytest.fixture
def engine() -> Engine:
    engine = Engine(chunk_size=2, window=1)
    engine.tables["exports"] = EndlessTable("exports")
    engine.start()
    return engine


def deadly(engine: Engine, *, is_so: bool) -> None:
    table = engine.tables["exports"]
    assert isinstance(table, EndlessTable)
    table.deadly = is_so


def unended(engine: Engine) -> tuple[ExportId, WriteMessage]:
    """An export of three records that all have their outcome, unsaid, and the message that led to it."""
    export = engine.export(3)
    (message,) = engine.messages()
    deadly(engine, is_so=True)
    with pytest.raises(Crash):
        engine.delivery.deliver(message)
    deadly(engine, is_so=False)
    engine.start()
    assert engine.seen(export).ended_at is None
    return export, message


def ends(engine: Engine) -> list[str]:
    entries, _ = AuditStore(engine.tables["audit"]).page(TENANT, 9, None)
    return [entry.action for entry in entries if entry.action == "export.ended"]


def test_the_message_that_comes_again_ends_the_export_without_waiting_for_the_sweep(engine: Engine) -> None:
    export, message = unended(engine)
    engine.delivery.deliver(message)
    ended = engine.seen(export)
    assert (ended.state, ended.counts.created) == (ExportState.SUCCEEDED, 3)
    assert (ends(engine), len(engine.ran)) == (["export.ended"], 2)


def test_the_sweep_ends_it_where_no_message_comes(engine: Engine) -> None:
    export, _ = unended(engine)
    assert engine.recovery.sweep() == 1
    assert engine.seen(export).state is ExportState.SUCCEEDED
    assert engine.recovery.sweep() == 0
    assert (ends(engine), len(engine.ran)) == (["export.ended"], 2)
