"""A person picks which record of Dynamics a vendor record is."""

import json
from dataclasses import replace

import pytest

from functions.export.inputs import InputFile
from functions.export.reading import NDJSON
from shared.domain.errors import Conflict, NotFound, Unverified
from shared.domain.exports import ExportState, Outcome, OutcomeKind
from shared.domain.ids import ExportId, ObjectType, UserId
from shared.domain.match_decisions import Match
from shared.domain.matching import Chosen
from shared.domain.preferences import MatchRule
from tests.unit.export_api.export_desk import BRUNO, TENANT, Desk

OPEN = Match(MatchRule.EMAIL, ("lead-a", "lead-b"), None)


@pytest.fixture
def asked(desk: Desk) -> ExportId:
    """An export whose third record waits for a choice, and whose second one was matched without."""
    desk.fates[3] = Outcome(position=3, vendor_id="3", kind=OutcomeKind.SKIPPED, match=OPEN)
    taken = replace(OPEN, chosen="lead-a")
    desk.fates[2] = Outcome(position=2, vendor_id="2", kind=OutcomeKind.UPDATED, match=taken)
    return desk.exported()


def test_the_one_record_is_exported_again_as_the_one_that_was_picked(desk: Desk, asked: ExportId) -> None:
    export = desk.choosing.choose(BRUNO, asked, "3", Chosen("lead-b"))
    kept = desk.seen(export.id)
    assert (kept.retry_of, kept.requested_by, kept.state) == (asked, "bruno", ExportState.QUEUED)
    assert (kept.object_type, kept.dry_run, kept.mapping_version) == (ObjectType.LEAD, False, 7)
    content = b"".join(InputFile(desk.stores.files, kept).content())
    assert json.loads(content) == {"id": 3, "lastName": "Rossi"}
    assert desk.stores.files.read_settings(TENANT, export.id).choices == {1: Chosen("lead-b")}
    desk.fates.clear()
    desk.service.queue(export)
    desk.process()
    assert desk.seen(export.id).counts.created == 1


@pytest.mark.parametrize("chosen", [Chosen("lead-a"), Chosen(None)], ids=["one of them", "a new one"])
def test_the_choice_is_remembered_for_later_exports_of_the_record(
    desk: Desk, asked: ExportId, chosen: Chosen
) -> None:
    desk.choosing.choose(BRUNO, asked, "3", chosen)
    assert desk.stores.choices.of(TENANT, ObjectType.LEAD, ["3", "2"]) == {"3": chosen}


def test_a_choice_of_a_dry_run_is_tried_and_not_remembered(desk: Desk, asked: ExportId) -> None:
    desk.stores.exports.change(TENANT, asked, lambda now: replace(now, dry_run=True))
    export = desk.choosing.choose(BRUNO, asked, "3", Chosen("lead-a"))
    assert desk.seen(export.id).dry_run
    assert desk.stores.choices.of(TENANT, ObjectType.LEAD, ["3"]) == {}


@pytest.mark.parametrize("position", ["0", "4", "x", "-3", "+3", "³", "1" * 10])
def test_there_is_nothing_to_pick_where_there_is_no_record(
    desk: Desk, asked: ExportId, position: str
) -> None:
    with pytest.raises(NotFound) as refused:
        desk.choosing.choose(BRUNO, asked, position, Chosen("lead-a"))
    assert refused.value.code == "recordUnknown"


@pytest.mark.parametrize("position", ["1", "2"], ids=["nothing matched", "it was decided"])
def test_what_waits_for_nobody_is_not_picked(desk: Desk, asked: ExportId, position: str) -> None:
    with pytest.raises(Conflict) as refused:
        desk.choosing.choose(BRUNO, asked, position, Chosen("lead-a"))
    assert refused.value.code == "nothingToChoose"


def test_only_a_candidate_of_the_record_is_picked(desk: Desk, asked: ExportId) -> None:
    with pytest.raises(Unverified) as refused:
        desk.choosing.choose(BRUNO, asked, "3", Chosen("lead-of-somebody-else"))
    assert refused.value.code == "candidateUnknown"
    assert desk.stores.choices.of(TENANT, ObjectType.LEAD, ["3"]) == {}


def test_nobody_picks_for_the_export_of_another(desk: Desk, asked: ExportId) -> None:
    with pytest.raises(NotFound) as refused:
        desk.choosing.choose(replace(BRUNO, user=UserId("carla")), asked, "3", Chosen("lead-a"))
    assert refused.value.code == "exportUnknown"


def test_nothing_is_picked_from_records_that_are_no_longer_stored(desk: Desk, asked: ExportId) -> None:
    desk.stores.exports.change(TENANT, asked, lambda now: replace(now, contents_deleted=True))
    with pytest.raises(NotFound) as refused:
        desk.choosing.choose(BRUNO, asked, "3", Chosen("lead-a"))
    assert refused.value.code == "contentGone"


def test_a_line_that_could_not_be_read_is_no_record_to_pick_for(desk: Desk) -> None:
    file = desk.call("POST", "/exports?object=lead", b'{"id": 1}\nnot json\n', Content_Type=NDJSON)
    desk.process()
    with pytest.raises(NotFound) as refused:
        desk.choosing.choose(BRUNO, file.json["id"], "2", Chosen(None))
    assert refused.value.code == "recordUnknown"


def test_there_is_nothing_to_pick_before_there_is_an_outcome(desk: Desk, asked: ExportId) -> None:
    desk.container.blobs = {
        name: blob for name, blob in desk.container.blobs.items() if "outcomes" not in name
    }
    with pytest.raises(NotFound) as refused:
        desk.choosing.choose(BRUNO, asked, "3", Chosen("lead-a"))
    assert refused.value.code == "recordUnknown"
