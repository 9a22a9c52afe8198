"""What the chunks of one export share is fetched once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace
from typing import Any

import pytest

from functions.export.prepared import PreparedExports
from functions.owners import Owners
from shared.domain.errors import NotFound
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export, ExportState
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.preferences import ConnectionMode, ObjectPreferences

_LANES = 8
_EXPORT = Export(
    id=ExportId("998200000000000-0123456789ab"),
    tenant=TenantId("contoso"),
    object_type=ObjectType.LEAD,
    state=ExportState.RUNNING,
    requested_by=UserId("ada"),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
_SETTINGS = ExportSettings((), ObjectPreferences(match_rules=()), ConnectionMode.INDIVIDUAL)


def _prepared(settings: Callable[..., ExportSettings]) -> PreparedExports:
    table = SimpleNamespace(columns=ColumnCatalog(()))
    organizations: Any = SimpleNamespace(client=lambda *_: "client", table=lambda *_: table)
    return PreparedExports(organizations, settings, Owners(lambda: _EXPORT.created_at))


def test_lanes_that_begin_at_the_same_time_read_the_settings_once() -> None:
    reads: list[ExportId] = []
    second_reader = Barrier(2)

    def read(_: TenantId, export: ExportId) -> ExportSettings:
        reads.append(export)
        with suppress(BrokenBarrierError):
            second_reader.wait(0.05)
        return _SETTINGS

    prepared, together = _prepared(read), Barrier(_LANES)

    def lane(_: int) -> object:
        together.wait(60)
        return prepared.of(_EXPORT).rules.preferences

    with ThreadPoolExecutor(_LANES) as lanes:
        assert list(lanes.map(lane, range(_LANES))) == [_SETTINGS.preferences] * _LANES
    assert reads == [_EXPORT.id]


def test_settings_that_could_not_be_read_are_asked_for_again() -> None:
    answers: list[ExportSettings | NotFound] = [NotFound("contentGone", "gone"), _SETTINGS]

    def read(*_: object) -> ExportSettings:
        answer = answers.pop(0)
        if isinstance(answer, NotFound):
            raise answer
        return answer

    prepared = _prepared(read)
    with pytest.raises(NotFound):
        prepared.of(_EXPORT)
    assert prepared.of(_EXPORT).rules.object_type is ObjectType.LEAD
