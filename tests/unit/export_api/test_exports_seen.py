"""Who sees which exports, and what of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.identity import Caller
from shared.domain.errors import Problem
from shared.domain.exports import Export, Outcome, OutcomeKind
from shared.domain.ids import ObjectType, UserId
from shared.domain.match_decisions import Match
from shared.domain.matching import Chosen
from shared.domain.preferences import MatchRule
from shared.storage.keys import key
from shared.storage.progress import ROW as PROGRESS_ROW
from tests.unit.export_api.export_desk import ADA, BRUNO, NEIGHBOUR, PEOPLE, TENANT, Desk

CARLA = replace(BRUNO, user=UserId("carla"))
THEIR_ADMIN = replace(ADA, tenant=NEIGHBOUR)
FAILED = Outcome(
    position=2, vendor_id="2", kind=OutcomeKind.FAILED, code="required", reason="No name.", column="lastname"
)


def listed(desk: Desk, caller: Caller, query: str = "") -> list[Any]:
    return [each["id"] for each in desk.call("GET", f"/exports?{query}", caller=caller).json["items"]]


def test_people_see_their_own_exports_and_administrators_those_of_their_tenant(desk: Desk) -> None:
    brunos = desk.exported()
    desk.later(hours=1)
    carlas = desk.exported(caller=CARLA)
    assert listed(desk, BRUNO) == [brunos]
    assert listed(desk, ADA) == [carlas, brunos]
    assert listed(desk, THEIR_ADMIN) == []
    assert listed(desk, ADA, "requestedBy=bruno") == [brunos]
    assert listed(desk, BRUNO, "requestedBy=bruno") == [brunos]
    assert listed(desk, BRUNO, "requestedBy=carla") == []


OPERATIONS = ["", "/records", "/results.csv", "/cancel", "/pause", "/resume", "/retry", "/undo"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("stranger", [CARLA, THEIR_ADMIN], ids=["a colleague", "another tenant's admin"])
def test_the_export_of_another_is_not_there_whatever_is_asked_of_it(
    desk: Desk, stranger: Caller, operation: str
) -> None:
    export = desk.exported()
    method = "POST" if operation[1:] in {"cancel", "pause", "resume", "retry", "undo"} else "GET"
    body = {"dryRun": False} if operation == "/undo" else None
    answer = desk.call(method, f"/exports/{export}{operation}", body, caller=stranger)
    assert (answer.status, answer.json["code"]) == (404, "exportUnknown")
    assert len(desk.split_queue) == 0


def test_exports_are_listed_by_what_is_asked_for(desk: Desk) -> None:
    lead = desk.exported()
    desk.later(hours=1)
    account = desk.exported(object="account")
    desk.later(hours=1)
    waiting = desk.order(PEOPLE[0]).json["id"]
    assert listed(desk, BRUNO, "object=account") == [account]
    assert listed(desk, BRUNO, "state=succeeded") == [account, lead]
    assert listed(desk, BRUNO, "state=queued") == [waiting]
    assert listed(desk, BRUNO, "since=2026-03-01T08:30:00Z") == [waiting, account]
    assert listed(desk, BRUNO, "since=2026-03-01T10:30:00%2B01:00") == [waiting]
    assert listed(desk, BRUNO, "since=2026-03-01T09:30:00") == [waiting]
    assert desk.call("GET", "/exports?since=yesterday").json["code"] == "parameterInvalid"


def test_a_list_goes_on_where_it_ended(desk: Desk) -> None:
    exports = []
    for person in PEOPLE:
        desk.later(hours=1)
        exports.append(desk.exported(person))
    page = desk.call("GET", "/exports?limit=2").json
    assert [each["id"] for each in page["items"]] == exports[:0:-1]
    rest = desk.call("GET", f"/exports?limit=2&next={page['next']}").json
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (exports[:1], None)


def test_each_record_has_its_outcome_page_by_page(desk: Desk) -> None:
    desk.fates[2] = FAILED
    export = desk.exported()
    page = desk.call("GET", f"/exports/{export}/records?limit=2").json
    assert [each["position"] for each in page["items"]] == [1, 2]
    rest = desk.call("GET", f"/exports/{export}/records?limit=2&next={page['next']}").json
    assert ([each["position"] for each in rest["items"]], rest["next"]) == ([3], None)
    (failed,) = desk.call("GET", f"/exports/{export}/records?outcome=failed").json["items"]
    assert failed == {
        "position": 2,
        "vendorId": "2",
        "outcome": "failed",
        "dynamicsId": None,
        "code": "required",
        "reason": "No name.",
        "column": "lastname",
        "match": None,
    }
    assert desk.call("GET", f"/exports/{export}/records?outcome=skipped").json["items"] == []
    created = desk.call("GET", f"/exports/{export}/records?outcome=created").json["items"]
    assert [each["position"] for each in created] == [1, 3]


@pytest.mark.parametrize("token", ["x", "-1", "²", "1" * 13])
def test_a_page_that_no_list_gave_is_refused(desk: Desk, token: str) -> None:
    export = desk.exported()
    assert desk.call("GET", f"/exports/{export}/records?next={token}").json["code"] == "nextInvalid"
    assert desk.call("GET", f"/exports?next={token}").json["code"] == "nextInvalid"


def test_an_outcome_tells_how_its_record_was_recognized(desk: Desk) -> None:
    match = Match(MatchRule.EMAIL, ("a", "b"), None)
    desk.fates[1] = Outcome(position=1, vendor_id="1", kind=OutcomeKind.SKIPPED, match=match)
    export = desk.exported()
    first = desk.call("GET", f"/exports/{export}/records?limit=1").json["items"][0]
    assert first["match"] == {
        "rule": "email",
        "candidates": ["a", "b"],
        "chosen": None,
        "why": "The e-mail address is the same. 2 records match; none of them was chosen.",
    }


def test_an_export_under_way_tells_how_far_it_has_come(desk: Desk) -> None:
    export = desk.order().json["id"]
    queued = desk.call("GET", f"/exports/{export}").json
    assert (queued["state"], queued["progress"], queued["counts"]["total"]) == ("queued", 0, 0)
    desk.split(export)
    (message, *_) = desk.messages()
    desk.delivery.deliver(message, until=desk.clock.now)
    running = desk.call("GET", f"/exports/{export}").json
    assert (running["state"], running["counts"]["created"], running["counts"]["total"]) == ("running", 2, 3)
    assert running["progress"] == pytest.approx(2 / 3)
    assert (running["endedAt"], running["requestedBy"]) == (None, "bruno")


def test_an_export_that_dynamics_holds_up_tells_until_when(desk: Desk) -> None:
    export = desk.order().json["id"]
    desk.split(export)
    desk.stores.cooldowns.change(
        TENANT, lambda pace: replace(pace, until=desk.clock.now + timedelta(hours=2))
    )
    shown = desk.call("GET", f"/exports/{export}").json
    assert shown["throttledUntil"] == "2026-03-01T10:00:00Z"
    assert shown["waitingFor"]["what"] == "dynamics"
    desk.later(hours=3)
    assert desk.call("GET", f"/exports/{export}").json["throttledUntil"] is None


def test_the_summary_of_an_export_of_an_earlier_release_has_the_counts_of_its_chunks(desk: Desk) -> None:
    desk.fates[2] = FAILED
    export = desk.exported()

    def reopened(now: Export) -> Export:
        return replace(now, ended_at=None, chunks=2)

    desk.stores.exports.change(TENANT, export, reopened)
    desk.tables["chunks"].delete(key(TENANT, export), PROGRESS_ROW)
    counts = desk.call("GET", f"/exports/{export}").json["counts"]
    assert (counts["created"], counts["failed"]) == (2, 1)


def test_an_export_names_what_it_is(desk: Desk) -> None:
    answer = desk.order(object="account", dryRun=True).json
    assert (answer["object"], answer["dryRun"], answer["mappingVersion"]) == (ObjectType.ACCOUNT, True, 7)
    assert (answer["retryOf"], answer["undoOf"], answer["undoneBy"]) == (None, None, None)


def test_outcomes_come_as_a_file_with_a_name(desk: Desk) -> None:
    desk.fates[2] = FAILED
    export = desk.exported()
    file = desk.call("GET", f"/exports/{export}/results.csv")
    assert file.headers["Content-Disposition"] == f'attachment; filename="export-{export}.csv"'
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "position,vendorId,outcome,dynamicsId,code,reason,column"
    assert lines[2] == "2,2,failed,,required,No name.,lastname"


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "state=done", "object=contact"])
def test_what_no_list_can_be_asked_for_is_refused(desk: Desk, query: str) -> None:
    assert desk.call("GET", f"/exports?{query}").json["code"] == "parameterInvalid"


def test_an_export_tells_which_rows_of_its_mapping_were_left_out(desk: Desk) -> None:
    gone = Problem("columnGone", "The column is gone.", row=3, column="new_gone")
    export = desk.exported()
    desk.stores.exports.change(TENANT, export, lambda now: replace(now, warnings=(gone,)))
    shown = desk.call("GET", f"/exports/{export}").json["warnings"]
    assert shown == [{"row": 3, "column": "new_gone", "code": "columnGone", "message": "The column is gone."}]


def test_exports_are_listed_newest_first_however_they_were_made(desk: Desk) -> None:
    desk.fates[2] = FAILED
    match = Match(MatchRule.EMAIL, ("lead-a", "lead-b"), None)
    desk.fates[1] = Outcome(position=1, vendor_id="1", kind=OutcomeKind.SKIPPED, match=match)
    source = desk.exported()
    made = [source]
    for make in (
        lambda: desk.choosing.choose(BRUNO, source, "1", Chosen("lead-a")).id,
        lambda: desk.call("POST", f"/exports/{source}/undo", {"dryRun": False}).json["id"],
        lambda: desk.call("POST", f"/exports/{source}/retry").json["id"],
        lambda: desk.order(PEOPLE[0]).json["id"],
    ):
        desk.later(hours=1)
        made.append(make())
    assert listed(desk, BRUNO) == made[::-1]
