"""A file of outcomes is an answer, or where it is large an address, and which exports a list has."""

from dataclasses import replace
from datetime import timedelta

import pytest
from engine import TENANT, Engine

from functions.export.history import ExportHistory
from functions.export.payloads import wanted_exports
from functions.export.results import Results
from functions.identity import Caller
from shared.domain.errors import Conflict, InvalidRequest
from shared.domain.exports import Export
from shared.domain.ids import ExportId, UserId
from shared.storage.table import Stored

BRUNO = Caller(tenant=TENANT, user=UserId("bruno"))
ADA = Caller(tenant=TENANT, user=UserId("ada"), is_admin=True)


@pytest.fixture
def engine() -> Engine:
    return Engine()


def history(engine: Engine) -> ExportHistory:
    def find(_caller: Caller, export_id: str) -> Stored[Export]:
        return Stored(engine.seen(ExportId(export_id)), "")

    return ExportHistory(engine.stores, find)


def results(engine: Engine, most: int) -> Results:
    return Results(engine.stores, history(engine), most=most)


def test_a_small_file_is_the_answer(engine: Engine) -> None:
    export_id = engine.export(5)
    engine.work()
    file = results(engine, 5).of(BRUNO, export_id)
    assert isinstance(file, bytes)
    lines = file.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("position,vendorId,outcome")
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]


def test_a_large_file_is_made_once_and_lies_with_the_contents_of_the_export(engine: Engine) -> None:
    export_id = engine.export(5)
    engine.work()
    small = results(engine, 5).of(BRUNO, export_id)
    assert results(engine, 4).of(BRUNO, export_id) == f"memory:contoso/{export_id}/results.csv?600"
    assert engine.container.blobs[f"contoso/{export_id}/results.csv"] == small
    engine.container.blobs[f"contoso/{export_id}/results.csv"] = b"kept"
    results(engine, 4).of(BRUNO, export_id)
    assert engine.container.blobs[f"contoso/{export_id}/results.csv"] == b"kept"
    engine.stores.files.delete_all(TENANT, export_id)
    assert f"contoso/{export_id}/results.csv" not in engine.container.blobs


def test_a_large_file_is_made_when_all_of_it_is_known(engine: Engine) -> None:
    export_id = engine.export(5)
    with pytest.raises(Conflict, match="not ended"):
        results(engine, 4).of(BRUNO, export_id)


def test_a_list_has_what_is_asked_for(engine: Engine) -> None:
    first = engine.export(1)
    engine.work()
    engine.clock.now += timedelta(days=1)
    second = engine.export(1, cut=False)

    def listed(caller: Caller, **query: str) -> set[ExportId]:
        seen, _ = history(engine).page(caller, 10, None, wanted_exports(query))
        return {each.export.id for each in seen}

    assert listed(ADA) == listed(BRUNO) == {first, second}
    assert listed(ADA, state="succeeded") == {first}
    assert listed(ADA, since="2026-03-02T00:00:00Z") == {second}
    assert listed(ADA, since="2026-03-02T01:00:00 02:00", object="lead") == {second}
    assert listed(ADA, object="account") == listed(ADA, requestedBy="carla") == set()
    assert listed(ADA, requestedBy="bruno", state="queued") == {second}
    assert listed(replace(BRUNO, user=UserId("carla")), requestedBy="bruno") == set()


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_a_moment_that_is_none_is_refused(since: str) -> None:
    with pytest.raises(InvalidRequest, match="since"):
        wanted_exports({"since": since})
