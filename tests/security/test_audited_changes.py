"""Every operation that changes something leaves exactly one entry in the audit log."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from described import operations

from local.sign_in import confirmation_of, sign_in
from local.stack import Stack
from tests.e2e.conversation import Dataverse, Talk

ORGANIZATION = "https://contoso.crm4.dynamics.com"
ANY = {"If-Match": "*"}
# These try, and change nothing.
TRIALS = {"verifyMapping", "previewMapping", "postConnectionTest"}
ROWS = [{"template": "{lastName}", "column": "subject"}, {"vendorField": "lastName", "column": "lastname"}]


def start(talk: Talk, records: list[Any]) -> requests.Response:
    return talk.call("POST", "/exports", json={"object": "lead", "records": records})


def under_way(talk: Talk, *before: str, then: str) -> requests.Response:
    """A change of an export that cannot have ended yet: it has thousands of records."""
    people = [{"id": f"audit-{then}-{number}", "lastName": f"Audit{number}"} for number in range(9000)]
    export = start(talk, people).json()["id"]
    for change in before:
        talk.call("POST", f"/exports/{export}/{change}").raise_for_status()
    return talk.call("POST", f"/exports/{export}/{then}")


def retry(talk: Talk) -> requests.Response:
    failed = talk.wait(start(talk, [{"id": "audit-failing", "firstName": "Ada"}]).json()["id"])
    return talk.call("POST", f"/exports/{failed['id']}/retry")


def undo(talk: Talk) -> requests.Response:
    """Of an export that changed something."""
    done = talk.wait(start(talk, [{"id": "audit-undone", "lastName": "Undone"}]).json()["id"])
    return talk.call("POST", f"/exports/{done['id']}/undo", json={"dryRun": True})


def choose(talk: Talk) -> requests.Response:
    """For a person whom two leads in Dynamics may be."""
    twins = [{"lastname": "Twin", "subject": "Twin", "emailaddress1": "twin@audit.example"}] * 2
    Dataverse(talk.stack.dataverse).seed("lead", *twins)
    twin = {"id": "audit-twin", "lastName": "Twin", "email": "twin@audit.example"}
    done = talk.wait(start(talk, [twin]).json()["id"])
    return talk.call("POST", f"/exports/{done['id']}/records/1/choose", json={"create": True})


def remap(talk: Talk) -> requests.Response:
    return talk.call("PUT", "/mappings/lead", json={"rows": ROWS}, headers=ANY)


def restore(talk: Talk) -> requests.Response:
    version = talk.get("/mappings/lead/versions")["items"][0]["version"]
    return talk.call("POST", f"/mappings/lead/versions/{version}/restore", headers=ANY)


def bring(talk: Talk) -> requests.Response:
    file = talk.get("/mappings/lead/file")
    return talk.call("POST", "/mappings/lead/import", json=file, headers=ANY)


def connect(talk: Talk, path: str) -> requests.Response:
    return talk.call("POST", path, json={"organizationUrl": ORGANIZATION})


def confirm(talk: Talk) -> requests.Response:
    """For the sign-in of the one who connects for themselves."""
    url = connect(talk, "/me/connection").json()["authorizationUrl"]
    code = confirmation_of(sign_in(url, "ada.lindqvist@contoso.example").text)
    return talk.call("POST", "/connection/confirm", json={"confirmation": code})


# Operation, what it is audited as, and a call that succeeds; in an order in which each can.
CHANGES: dict[str, tuple[str, Callable[[Talk], requests.Response]]] = {
    "putPreferences": ("preferences.saved", lambda t: t.call("PUT", "/preferences", json={}, headers=ANY)),
    "putAccess": (
        "access.changed",
        lambda t: t.call("PUT", "/access", json={"enabled": True, "users": "all"}, headers=ANY),
    ),
    "putMapping": ("mapping.saved", remap),
    "restoreMappingVersion": ("mapping.saved", restore),
    "importMapping": ("mapping.saved", bring),
    "deleteMapping": ("mapping.restored", lambda t: t.call("DELETE", "/mappings/lead")),
    "postExports": ("export.started", lambda t: start(t, [{"id": "audit-0", "lastName": "Audit"}])),
    "postUploads": ("upload.opened", lambda t: t.call("POST", "/exports/uploads")),
    "postExportPause": ("export.paused", lambda t: under_way(t, then="pause")),
    "postExportResume": ("export.resumed", lambda t: under_way(t, "pause", then="resume")),
    "postExportCancel": ("export.cancelled", lambda t: under_way(t, then="cancel")),
    "postExportRetry": ("export.retried", retry),
    "postExportUndo": ("export.undone", undo),
    "postExportRecordChoose": ("export.matchChosen", choose),
    "postErasure": ("erasure.requested", lambda t: t.call("POST", "/erasure", json={"vendorId": "x"})),
    "postConnectionConsent": ("consent.started", lambda t: t.call("POST", "/connection/consent")),
    "postOwnConnection": ("ownConnection.started", lambda t: connect(t, "/me/connection")),
    "postConnectionConfirm": ("ownConnection.made", confirm),
    "deleteOwnConnection": ("ownConnection.ended", lambda t: t.call("DELETE", "/me/connection")),
    "postConnection": ("connection.started", lambda t: connect(t, "/connection")),
    "deleteConnection": ("connection.ended", lambda t: t.call("DELETE", "/connection")),
    "deleteTenant": (
        "tenant.deletionRequested",
        lambda t: t.call("DELETE", "/tenant", json={"confirm": "contoso"}),
    ),
}


def entries(talk: Talk, action: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = talk.get("/audit", params={"action": action, "limit": 1000})["items"]
    return found


def changes(stack: Stack) -> set[str]:
    return {each.id for each in operations(stack.api) if each.method != "GET"} - TRIALS


def test_no_operation_that_changes_something_is_forgotten_here(stack: Stack) -> None:
    assert changes(stack) == set(CHANGES), "say how it is audited"


@pytest.mark.timeout(600)
def test_each_change_leaves_one_entry_with_its_actor_and_the_log_stays_whole(own_stack: Stack) -> None:
    ada = Talk(own_stack, "contoso", "ada")
    for action, change in CHANGES.values():
        before = [entry["id"] for entry in entries(ada, action)]
        answer = change(ada)
        assert answer.ok, (action, answer.text)
        added = [entry for entry in entries(ada, action) if entry["id"] not in before]
        assert [entry["actor"] for entry in added] == ["ada"], action
    assert ada.get("/audit/verification")["intact"]


def test_what_is_refused_leaves_no_entry(ada: Talk, bruno: Talk) -> None:
    tried = ("preferences.saved", "mapping.saved", "tenant.deletionRequested")
    before = [entries(ada, action) for action in tried]
    assert bruno.call("PUT", "/preferences", json={}, headers=ANY).status_code == 403
    assert ada.call("PUT", "/preferences", json={}).status_code == 428
    assert ada.call("PUT", "/mappings/lead", json={"rows": []}, headers=ANY).status_code == 422
    assert ada.call("DELETE", "/tenant", json={"confirm": "fabrikam"}).status_code == 400
    assert [entries(ada, action) for action in tried] == before


def test_signing_in_is_audited_when_it_succeeds_and_when_it_is_refused(greta: Talk) -> None:
    made = len(entries(greta, "connection.made"))
    assert made >= 1
    body = {"organizationUrl": "https://fabrikam.crm.dynamics.com"}
    url = greta.call("POST", "/connection", json=body).json()["authorizationUrl"]
    refused = len(entries(greta, "signIn.refused"))
    declined = sign_in(url, "greta.holm@fabrikam.example", press={"Pick an account": "Cancel"})
    assert declined.status_code >= 400
    assert len(entries(greta, "signIn.refused")) == refused + 1
    assert len(entries(greta, "connection.made")) == made


def ends(talk: Talk, export_id: str) -> list[dict[str, Any]]:
    return [each for each in entries(talk, "export.ended") if each["subject"] == f"export/{export_id}"]


def test_the_end_of_an_export_is_audited_once(ada: Talk) -> None:
    export = ada.export("lead", [{"id": "audit-end", "lastName": "End"}])
    end = time.monotonic() + 180
    while not (ended := ends(ada, export["id"])) and time.monotonic() < end:
        time.sleep(0.1)  # it is noted after the export has ended
    assert [(each["before"]["version"], each["after"]["version"]) for each in ended] == [
        ("running", "succeeded")
    ]
