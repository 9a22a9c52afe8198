"""What it takes to start an export, and what is kept of it."""

import gzip
import os
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.connection import Access
from shared.domain.export_settings import AccountSettings
from shared.domain.exports import ExportState
from shared.domain.ids import ExportId, ObjectType, UserId
from shared.domain.preferences import ConnectionMode, ExportObjects, LinkAccount, OnMatch
from tests.builders import preferences
from tests.unit.export_api.export_desk import ADA, BRUNO, NEIGHBOUR, PEOPLE, ROWS, TENANT, Desk


def untouched(desk: Desk) -> bool:
    """Nothing was stored and nothing queued."""
    return (
        not desk.container.blobs
        and not desk.stores.exports.page(TENANT, 9, None)[0]
        and not len(desk.split_queue)
    )


def test_an_accepted_export_is_queued_with_the_decisions_of_this_moment(desk: Desk) -> None:
    answer = desk.order()
    kept = desk.kept(answer)
    assert (answer.status, answer.headers["Location"]) == (202, f"/api/exports/{kept.id}")
    assert (kept.state, kept.requested_by, kept.mapping_version) == (ExportState.QUEUED, "bruno", 7)
    assert (kept.object_type, kept.dry_run, kept.created_at) == (ObjectType.LEAD, False, desk.clock.now)
    settings = desk.stores.files.read_settings(TENANT, kept.id)
    assert (settings.rows, settings.owner_email) == (ROWS, BRUNO.email)
    desk.decide(update_existing=False)
    assert desk.stores.files.read_settings(TENANT, kept.id).preferences.update_existing
    assert len(desk.split_queue) == 1
    desk.process()
    assert desk.seen(kept.id).counts.created == 3


def test_a_dry_run_is_one_to_the_end(desk: Desk) -> None:
    assert desk.kept(desk.order(dryRun=True)).dry_run


@pytest.mark.parametrize(
    "access",
    [Access(), Access(enabled=True, users=frozenset({UserId("carla")}))],
    ids=["switched off", "switched on for another"],
)
def test_who_was_not_given_the_integration_starts_nothing(desk: Desk, access: Access) -> None:
    desk.access.replace(TENANT, access, None)
    answer = desk.order()
    assert (answer.status, answer.json["code"]) == (403, "integrationOff")
    assert untouched(desk)
    assert desk.order(caller=ADA).status == 202


def test_accounts_are_not_exported_where_the_administrator_allows_leads_only(desk: Desk) -> None:
    desk.decide(export_objects=ExportObjects.LEADS_ONLY)
    answer = desk.order(object="account")
    assert (answer.status, answer.json["code"]) == (403, "leadsOnly")
    assert untouched(desk)
    assert desk.order().status == 202


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (ConnectionMode.SERVICE_ACCOUNT, "notConnected"),
        (ConnectionMode.INDIVIDUAL, "ownConnectionMissing"),
    ],
)
def test_without_the_connection_that_would_write_nothing_starts(
    desk: Desk, mode: ConnectionMode, code: str
) -> None:
    desk.decide(connection=mode)
    if mode is ConnectionMode.SERVICE_ACCOUNT:
        desk.connections.delete(TENANT)
    assert desk.order().json["code"] == code
    assert untouched(desk)


@pytest.mark.parametrize(
    ("decided", "matches", "code"),
    [
        ({"update_existing": False}, "update", "updatesNotAllowed"),
        ({"create_new": False}, "createAnyway", "creationNotAllowed"),
    ],
)
def test_nobody_orders_what_the_administrator_has_switched_off(
    desk: Desk, decided: dict[str, Any], matches: str, code: str
) -> None:
    desk.decide(**decided)
    answer = desk.order(matches=matches)
    assert (answer.status, answer.json["code"]) == (403, code)
    assert untouched(desk)
    assert desk.order(matches="skip").status == 202


@pytest.mark.parametrize(
    ("matches", "decided"),
    [
        (None, {"update_existing": True, "allow_duplicates": False}),
        ("update", {"update_existing": True, "allow_duplicates": False}),
        ("skip", {"update_existing": False, "allow_duplicates": False}),
        ("createAnyway", {"update_existing": True, "allow_duplicates": True}),
    ],
)
def test_what_becomes_of_matches_is_decided_for_this_export_alone(
    desk: Desk, matches: str | None, decided: dict[str, bool]
) -> None:
    export = ExportId(desk.order(matches=matches).json["id"])
    settings = desk.stores.files.read_settings(TENANT, export)
    assert settings.preferences == preferences(**decided)
    assert settings.on_match == (None if matches is None else OnMatch(matches))


def test_accounts_of_new_leads_companies_are_made_by_the_mapping_of_accounts(desk: Desk) -> None:
    desk.decide(link_account=LinkAccount.CREATE)
    accounts = desk.stores.files.read_settings(TENANT, desk.kept(desk.order()).id).accounts
    assert accounts == AccountSettings(ROWS, preferences(ObjectType.ACCOUNT))


@pytest.mark.parametrize(
    ("object_type", "decided"),
    [
        ("lead", {"link_account": LinkAccount.LINK}),
        ("lead", {"link_account": LinkAccount.CREATE, "export_objects": ExportObjects.LEADS_ONLY}),
        ("account", {"link_account": LinkAccount.CREATE}),
    ],
)
def test_no_accounts_are_made_where_nobody_decided_so_or_accounts_are_not_allowed(
    desk: Desk, object_type: str, decided: dict[str, Any]
) -> None:
    desk.decide(**decided)
    export = desk.kept(desk.order(object=object_type)).id
    assert desk.stores.files.read_settings(TENANT, export).accounts is None


def test_an_export_of_no_records_is_refused_before_anything_is_kept(desk: Desk) -> None:
    answer = desk.call("POST", "/exports", {"object": "lead", "records": []})
    assert (answer.status, answer.json["code"]) == (400, "noRecords")
    assert untouched(desk)


def test_a_file_says_in_the_address_what_its_records_are(desk: Desk) -> None:
    file = {"Content_Type": "text/csv"}
    csv = b"id,lastName\n1,Ngata\n2,Okafor\n"
    assert desk.call("POST", "/exports", csv, **file).json["code"] == "objectMissing"
    assert desk.call("POST", "/exports?object=lead", b" \n", **file).json["code"] == "noRecords"
    assert untouched(desk)
    answer = desk.call("POST", "/exports?object=lead&dryRun=true&matches=skip", csv, **file)
    kept = desk.kept(answer)
    assert (kept.media_type, kept.dry_run) == ("text/csv", True)
    assert desk.stores.files.read_settings(TENANT, kept.id).on_match is OnMatch.SKIP
    desk.process()
    assert desk.seen(kept.id).total == 2


@pytest.mark.parametrize("query", ["dryRun=false", "dryRun=false&again=false", ""])
def test_a_file_is_written_unless_a_dry_run_is_asked_for(desk: Desk, query: str) -> None:
    line = b'{"id": 1}\n'
    address = f"/exports?object=lead&{query}"
    answers = [desk.call("POST", address, line, Content_Type="application/x-ndjson") for _ in range(2)]
    kept = desk.kept(answers[0])
    assert (kept.media_type, kept.dry_run) == ("application/x-ndjson", False)
    assert answers[0].json["id"] == answers[1].json["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"object": "lead"},
        {"object": "lead", "records": [], "upload": "998299999999999-00000000c4a5"},
        {"object": "lead", "upload": "../other"},
    ],
    ids=["neither records nor upload", "both", "an id that is none"],
)
def test_records_come_in_the_request_or_from_one_upload(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.call("POST", "/exports", body).status in {400, 422}
    assert untouched(desk)


def test_what_was_uploaded_is_exported_under_the_id_of_its_upload_and_once(desk: Desk) -> None:
    upload = desk.call("POST", "/exports/uploads").json
    assert upload["url"].startswith(f"memory:{TENANT}/")
    assert upload["url"].endswith("?put&3600")
    assert datetime.fromisoformat(upload["expiresAt"]) == desk.clock.now + timedelta(hours=1)
    body = {"object": "lead", "upload": upload["upload"], "mediaType": "text/csv"}
    missing = desk.call("POST", "/exports", body)
    assert (missing.status, missing.json["code"]) == (404, "uploadMissing")
    desk.stores.files.write_input(TENANT, ExportId(upload["upload"]), [b"id,lastName\n1,Ngata\n"])
    first, second = (desk.call("POST", "/exports", body) for _ in range(2))
    assert first.json["id"] == second.json["id"] == upload["upload"]
    assert desk.kept(first).media_type == "text/csv"
    assert len(desk.split_queue) == 1


def test_who_may_not_export_gets_no_address_for_uploads(desk: Desk) -> None:
    desk.access.replace(TENANT, Access(), None)
    assert desk.call("POST", "/exports/uploads").json["code"] == "integrationOff"


def test_an_upload_of_a_neighbour_is_not_there(desk: Desk) -> None:
    upload = desk.call("POST", "/exports/uploads").json["upload"]
    desk.stores.files.write_input(TENANT, ExportId(upload), [b'{"id": 1}\n'])
    stranger = replace(BRUNO, tenant=NEIGHBOUR)
    answer = desk.call("POST", "/exports", {"object": "lead", "upload": upload}, caller=stranger)
    assert answer.json["code"] == "uploadMissing"


def test_who_waits_gets_the_end_and_others_the_beginning(desk: Desk) -> None:
    waited = desk.order(PEOPLE[0], Prefer="wait=20")
    assert (waited.status, waited.json["state"]) == (200, "succeeded")
    assert waited.headers["Preference-Applied"] == "wait"
    assert len(desk.split_queue) == 0
    left = desk.order(PEOPLE[1], Prefer="respond-async")
    assert (left.status, left.json["state"], len(desk.split_queue)) == (202, "queued", 1)
    assert "Preference-Applied" not in left.headers


def test_nobody_waits_for_an_upload_or_for_a_large_file(desk: Desk) -> None:
    large = b'{"id": 1}\n' + b" " * 1024 * 1024
    address, kind = "/exports?object=lead", "application/x-ndjson"
    answer = desk.call("POST", address, large, Content_Type=kind, Prefer="wait=20")
    assert (answer.status, len(desk.split_queue)) == (202, 1)
    packed = gzip.compress(os.urandom(16 * 1024))  # may unpack to a hundred times its size
    headers = {"Content_Type": kind, "Content_Encoding": "gzip", "Prefer": "wait=20"}
    assert desk.call("POST", address, packed, **headers).status == 202
    upload = ExportId(desk.call("POST", "/exports/uploads").json["upload"])
    desk.stores.files.write_input(TENANT, upload, [b'{"id": 1}\n'])
    body = {"object": "lead", "upload": upload}
    assert desk.call("POST", "/exports", body, Prefer="wait=20").status == 202
    assert len(desk.split_queue) == 3
