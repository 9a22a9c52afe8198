"""The connection check, and to whom new records belong."""

from typing import Any

import pytest

from tests.e2e.connect.conftest import BRUNO, CARLAS_ID, World


def test_a_healthy_connection_passes_every_check(connected: World) -> None:
    answer = connected.talk().call("POST", "/connection/test")
    assert answer.status_code == 200
    checks = answer.json()["checks"]
    assert answer.json()["ok"] is True, checks
    assert [line["check"] for line in checks] == [
        "token",
        "whoAmI",
        "version",
        "privilegesAccount",
        "privilegesLead",
        "clock",
        "limits",
        "bulkAccount",
        "bulkLead",
    ]
    assert all(set(line) == {"check", "ok", "code", "message"} and line["message"] for line in checks)


@pytest.mark.parametrize(
    ("spoil", "check", "code"),
    [
        (("PUT", "limits", {"requests": 60}), "limits", "limitNear"),
        (("POST", "faults", {"action": "status", "status": 403, "code": "0x80072560", "path": "WhoAmI"}),
         "whoAmI", "userNotInOrganization"),
    ],
    ids=["few requests left", "not a member"],
)  # fmt: skip
def test_what_is_wrong_stands_in_its_own_line(
    connected: World, spoil: tuple[str, str, dict[str, Any]], check: str, code: str
) -> None:
    try:
        connected.dataverse.control(*spoil)
        found = connected.talk().call("POST", "/connection/test").json()
    finally:
        connected.dataverse.control("PUT", "limits", {"requests": 6000})
    assert found["ok"] is False
    assert {line["check"]: line["code"] for line in found["checks"]}[check] == code


def test_an_organization_without_bulk_messages_is_fine_and_said_so(connected: World) -> None:
    connected.dataverse.control("PUT", "settings", {"without_bulk": ["lead"]})
    found = connected.talk().call("POST", "/connection/test").json()
    lines = {line["check"]: line for line in found["checks"]}
    assert (lines["bulkLead"]["ok"], lines["bulkLead"]["code"]) == (True, "bulkMissing")


def test_only_administrators_check_and_without_a_connection_it_says_so(world: World) -> None:
    assert world.talk("bruno").call("POST", "/connection/test").status_code == 403
    found = world.talk().call("POST", "/connection/test").json()
    assert (found["ok"], found["checks"][0]["code"]) == (False, "notConnected")


def owners(world: World) -> dict[str, str]:
    """Whose each lead is, by its last name."""
    people = {row["systemuserid"]: row["domainname"] for row in world.dataverse.rows("systemuser")}
    rows = world.dataverse.rows("lead")
    return {row["lastname"]: people[row["_ownerid_value"]] for row in rows}


def person(number: int) -> dict[str, Any]:
    return {"id": f"o-{number}", "firstName": "A", "lastName": f"Owner {number}", "companyName": "C"}


def test_new_records_of_a_service_account_belong_to_whoever_exported_them(connected: World) -> None:
    talk = connected.talk("bruno")
    export = talk.export("lead", [person(1), person(2)])
    assert export["counts"]["created"] == 2
    assert set(owners(connected).values()) == {BRUNO}
    assert {each["code"] for each in talk.outcomes(export["id"])} == {None}


def test_a_record_keeps_its_owner_when_somebody_else_changes_it(connected: World) -> None:
    connected.talk("bruno").export("lead", [person(3)])
    changed = {**person(3), "jobTitle": "Head of Sales"}
    assert connected.talk("ada").export("lead", [changed])["counts"]["updated"] == 1
    assert owners(connected)["Owner 3"] == BRUNO


def test_an_exporter_without_a_dynamics_user_leaves_the_records_to_the_connection_and_is_told(
    connected: World,
) -> None:
    connected.dataverse.control("DELETE", f"users?id={CARLAS_ID}")
    talk = connected.talk("carla")
    export = talk.export("lead", [person(4)])
    (outcome,) = talk.outcomes(export["id"])
    assert (outcome["outcome"], outcome["code"]) == ("created", "ownerFallback")
    assert "e-mail address" in outcome["reason"]
    assert owners(connected)["Owner 4"] == "ada.lindqvist@contoso.example"


def test_a_user_who_exports_as_themselves_owns_what_they_make(connected: World) -> None:
    connected.prefer(connection="individual")
    assert connected.come_back(connected.start("bruno", "/me/connection"), BRUNO).told["ok"]
    talk = connected.talk("bruno")
    export = talk.export("lead", [person(5)])
    assert owners(connected)["Owner 5"] == BRUNO
    assert {each["code"] for each in talk.outcomes(export["id"])} == {None}
