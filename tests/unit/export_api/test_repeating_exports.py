"""Exporting again what failed, and taking back what was exported."""

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.connection import Access
from shared.domain.exports import Counts, Export, ExportState, Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType
from shared.domain.preferences import OnMatch
from shared.storage.audit import AuditStore
from tests.unit.export_api.export_desk import ADA, PEOPLE, TENANT, Desk

FAILED = Outcome(position=2, vendor_id="2", kind=OutcomeKind.FAILED, code="required", reason="No name.")
REAL: dict[str, Any] = {"dryRun": False}


def half_failed(desk: Desk, **order: Any) -> ExportId:
    desk.fates[2] = FAILED
    export = desk.exported(**order)
    desk.fates.clear()
    return export


def undo(desk: Desk, export: ExportId, body: dict[str, Any] | None = None) -> Any:
    return desk.call("POST", f"/exports/{export}/undo", body or REAL)


def actions(desk: Desk) -> list[str]:
    entries, _ = AuditStore(desk.tables["audit"]).page(TENANT, 50, None)
    return [entry.action for entry in entries]


def test_what_failed_is_exported_again_with_the_decisions_of_now(desk: Desk) -> None:
    source = half_failed(desk, matches="skip")
    desk.decide(create_new=False)
    answer = desk.call("POST", f"/exports/{source}/retry", caller=ADA)
    again = desk.kept(answer)
    assert (answer.status, answer.headers["Location"]) == (202, f"/api/exports/{again.id}")
    assert (again.retry_of, again.requested_by, again.object_type) == (source, "ada", ObjectType.LEAD)
    assert (again.state, again.dry_run, again.mapping_version) == (ExportState.QUEUED, False, 7)
    settings = desk.stores.files.read_settings(TENANT, again.id)
    assert settings.on_match is OnMatch.SKIP
    assert (settings.preferences.create_new, settings.preferences.update_existing) == (False, False)
    desk.process()
    ended = desk.seen(again.id)
    assert (ended.total, ended.counts.created) == (1, 1)
    assert "export.retried" in actions(desk)


def test_a_dry_run_that_is_repeated_stays_one(desk: Desk) -> None:
    source = half_failed(desk, dryRun=True)
    assert desk.kept(desk.call("POST", f"/exports/{source}/retry")).dry_run


def test_an_undo_that_is_repeated_stays_one_and_needs_no_mapping(desk: Desk) -> None:
    source = half_failed(desk)
    desk.stores.exports.change(TENANT, source, lambda now: replace(now, undo_of=ExportId("earlier")))
    desk.mappings.delete(TENANT, ObjectType.LEAD, None)
    again = desk.kept(desk.call("POST", f"/exports/{source}/retry"))
    assert again.undo_of == "earlier"
    assert desk.stores.files.read_settings(TENANT, again.id).rows == ()


def changed(desk: Desk, export: ExportId, **values: Any) -> None:
    def step(now: Export) -> Export:
        return replace(now, **values)

    desk.stores.exports.change(TENANT, export, step)


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"ended_at": None}, 409, "exportRunning"),
        ({"contents_deleted": True}, 404, "contentGone"),
        ({"counts": Counts(created=3)}, 409, "nothingFailed"),
    ],
)
def test_nothing_is_repeated_where_there_is_nothing_to_repeat(
    desk: Desk, values: dict[str, Any], status: int, code: str
) -> None:
    source = half_failed(desk)
    changed(desk, source, **values)
    answer = desk.call("POST", f"/exports/{source}/retry")
    assert (answer.status, answer.json["code"]) == (status, code)
    assert len(desk.split_queue) == 0


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"ended_at": None}, 409, "exportRunning"),
        ({"undo_of": ExportId("earlier")}, 409, "undoOfUndo"),
        ({"dry_run": True}, 409, "nothingToUndo"),
        ({"contents_deleted": True}, 404, "contentGone"),
        ({"counts": Counts(unchanged=2, skipped=1)}, 409, "nothingToUndo"),
    ],
)
def test_nothing_is_taken_back_where_nothing_was_changed_or_nothing_is_known(
    desk: Desk, values: dict[str, Any], status: int, code: str
) -> None:
    source = desk.exported()
    changed(desk, source, **values)
    answer = undo(desk, source)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert (len(desk.split_queue), desk.seen(source).undone_by) == (0, None)


@pytest.mark.parametrize("counts", [Counts(created=1), Counts(updated=1)], ids=["created", "updated"])
def test_an_undo_is_an_export_of_its_own_which_its_source_names(desk: Desk, counts: Counts) -> None:
    source = desk.exported()
    changed(desk, source, counts=counts)
    desk.mappings.delete(TENANT, ObjectType.LEAD, None)
    answer = undo(desk, source)
    kept = desk.kept(answer)
    assert (answer.status, answer.headers["Location"]) == (202, f"/api/exports/{kept.id}")
    assert (kept.undo_of, kept.state, kept.requested_by) == (source, ExportState.QUEUED, "bruno")
    assert (kept.object_type, kept.mapping_version, kept.dry_run) == (ObjectType.LEAD, 7, False)
    assert desk.seen(source).undone_by == kept.id
    assert len(desk.split_queue) == 1
    assert "export.undone" in actions(desk)


def test_a_dry_run_of_an_undo_leaves_its_source_as_it_is(desk: Desk) -> None:
    source = desk.exported()
    kept = desk.kept(undo(desk, source, {"dryRun": True}))
    assert (kept.dry_run, kept.undo_of) == (True, source)
    assert desk.seen(source).undone_by is None
    assert undo(desk, source).status == 202


def test_an_export_is_undone_by_one_at_a_time_and_once(desk: Desk) -> None:
    source = desk.exported()
    first = ExportId(undo(desk, source).json["id"])
    assert undo(desk, source).json["code"] == "undoRunning"
    changed(desk, first, state=ExportState.SUCCEEDED, ended_at=desk.clock.now, counts=Counts(updated=3))
    assert undo(desk, source).json["code"] == "alreadyUndone"
    assert desk.seen(source).undone_by == first
    assert len(desk.split_queue) == 1


@pytest.mark.parametrize(
    "first",
    [
        {"state": ExportState.SUCCEEDED, "counts": Counts(updated=2, skipped=1)},
        {"state": ExportState.COMPLETED_WITH_ERRORS, "counts": Counts(updated=2, failed=1)},
        {"state": ExportState.CANCELLED, "counts": Counts(updated=1)},
    ],
    ids=["some was skipped", "some failed", "it was cancelled"],
)
def test_what_was_taken_back_in_part_may_be_taken_back_again(desk: Desk, first: dict[str, Any]) -> None:
    source = desk.exported()
    changed(desk, ExportId(undo(desk, source).json["id"]), ended_at=desk.clock.now, **first)
    second = undo(desk, source)
    assert (second.status, desk.seen(source).undone_by) == (202, second.json["id"])


@pytest.mark.parametrize("operation", ["retry", "undo"])
def test_who_lost_the_integration_or_whose_connection_is_gone_repeats_nothing(
    desk: Desk, operation: str
) -> None:
    source = half_failed(desk)
    body = REAL if operation == "undo" else None
    desk.access.replace(TENANT, Access(), None)
    answer = desk.call("POST", f"/exports/{source}/{operation}", body)
    assert answer.json["code"] == "integrationOff"
    desk.connections.delete(TENANT)
    answer = desk.call("POST", f"/exports/{source}/{operation}", body, caller=ADA)
    assert answer.json["code"] == "notConnected"
    assert (len(desk.split_queue), desk.seen(source).undone_by) == (0, None)


def test_each_wish_is_written_into_the_audit_log(desk: Desk) -> None:
    export = desk.order(PEOPLE[0]).json["id"]
    for operation in ("pause", "resume", "cancel"):
        assert desk.call("POST", f"/exports/{export}/{operation}").status == 200
    assert actions(desk)[::-1] == [f"export.{done}" for done in ("started", "paused", "resumed", "cancelled")]
