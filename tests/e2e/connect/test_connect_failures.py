"""Every way in which connecting goes wrong: its own code, its sentence, and what to do next."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from local.sign_in import SignInError
from tests.e2e.connect.conftest import ADA, ADAS_ID, BRUNO, CONTOSO, World
from tests.e2e.conversation import Talk

DILIP = "dilip.raman@contoso.example"
EDITH = "edith.nowak@contoso.example"
FELIX = "felix.aubert@contoso.example"

TRUSTED_SECONDS = 5.2
"""A token that is younger is not fetched again when Dynamics refuses it: a thread may just have done so."""

PATIENCE = 180.0
Spoil = Callable[[World], object]


def whoami_fault(**fault: Any) -> Spoil:
    return lambda world: world.dataverse.fault(action="status", method="POST", path="$batch", **fault)


SPOILT_BEFORE_THE_CALLBACK = [
    pytest.param(
        lambda world: world.entra("DELETE", "consent", directory=CONTOSO),
        "adminApprovalRequired",
        "Global Administrator",
        id="65001",
    ),
    pytest.param(
        lambda world: world.entra("PATCH", f"users/{ADA}", enabled=False),
        "accountDisabled",
        "another account",
        id="50057",
    ),
    pytest.param(
        lambda world: world.entra("PATCH", f"users/{ADA}", blockedByPolicy=True),
        "conditionalAccess",
        "Ask an administrator",
        id="53003",
    ),
    pytest.param(
        lambda world: world.entra("PATCH", f"directories/{CONTOSO}", applicationMissing=True),
        "applicationNotInDirectory",
        "Global Administrator",
        id="700016",
    ),
    pytest.param(
        lambda world: world.entra("PATCH", f"users/{ADA}", passwordChanged=True),
        "passwordChanged",
        "Sign in again",
        id="50173",
    ),
    pytest.param(
        whoami_fault(status=403, code="0x8004A104"),
        "organizationDisabled",
        "Ask your Dynamics administrator",
        id="organization disabled",
    ),
    pytest.param(
        whoami_fault(status=302, code=""),
        "organizationMoved",
        "Copy the address",
        id="organization moved",
    ),
]


@pytest.mark.parametrize(("spoil", "code", "advice"), SPOILT_BEFORE_THE_CALLBACK)
def test_what_goes_wrong_has_its_own_code_and_says_what_to_do(
    world: World, spoil: Spoil, code: str, advice: str
) -> None:
    answer = world.answer(world.start(), ADA)
    spoil(world)
    page = world.callback(answer)
    assert page.told == {"type": "dynamics-connection", "ok": False, "code": code}
    assert advice in page.text
    assert page.status >= 400
    assert world.talk().get("/connection")["state"] == "disconnected"


@pytest.mark.parametrize(
    ("email", "code"),
    [(DILIP, "userNotInOrganization"), (EDITH, "userDisabled")],
    ids=["0x80072560", "0x80040225"],
)
def test_whom_dynamics_does_not_let_in_is_told_by_name_of_the_reason(
    world: World, email: str, code: str
) -> None:
    world.entra("POST", "consent", directory=CONTOSO)
    page = world.come_back(world.start(), email)
    assert page.told["code"] == code
    assert "Ask your Dynamics administrator" in page.text


@pytest.mark.parametrize(
    ("press", "code"),
    [
        ({"Permissions requested": "Cancel"}, "consentDeclined"),
        ({"Pick an account": "Cancel"}, "consentDeclined"),
    ],
    ids=["consent declined", "sign-in cancelled"],
)
def test_whoever_declines_can_start_again(world: World, press: dict[str, str], code: str) -> None:
    page = world.come_back(world.start(), press=press)
    assert page.told["code"] == code
    world.connect()


@pytest.mark.parametrize(
    ("email", "reason"),
    [("greta.holm@fabrikam.example", "does not offer"), (FELIX, "AADSTS50057")],
    ids=["an account of another directory", "a disabled account"],
)
def test_microsofts_own_page_stops_whom_it_knows_better(world: World, email: str, reason: str) -> None:
    with pytest.raises(SignInError, match=reason):
        world.come_back(world.start(), email)
    assert world.talk().get("/connection")["state"] == "pending"


def test_an_application_that_is_missing_in_the_directory_is_said_on_microsofts_page(world: World) -> None:
    world.entra("PATCH", f"directories/{CONTOSO}", applicationMissing=True)
    with pytest.raises(SignInError, match="AADSTS700016"):
        world.come_back(world.start())


def test_whoever_has_to_use_a_second_factor_connects_with_it(world: World) -> None:
    world.entra("PATCH", f"users/{ADA}", mfaRequired=True)
    assert world.come_back(world.start()).told["ok"]


def test_a_state_that_is_unknown_or_used_twice_connects_nobody(world: World) -> None:
    answer = world.answer(world.start(), ADA)
    assert world.callback(answer).told["ok"]
    for tried in (answer, {**answer, "state": "made.up"}, {"code": "c"}, {}):
        page = world.callback(tried)
        assert (page.status, page.told["code"]) == (400, "signInUnknown")
        assert "Start it again" in page.text


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [({"status": 301}, 400, "organizationMoved"), ({"status": 503}, 503, "organizationUnreachable")],
    ids=["moved", "away"],
)
def test_an_organization_that_moved_or_is_away_is_told_before_anybody_signs_in(
    world: World, fault: dict[str, Any], status: int, code: str
) -> None:
    world.dataverse.fault(action="status", method="GET", path="api/data", **fault)
    answer = world.talk().call("POST", "/connection", json={"organizationUrl": "contoso.crm4.dynamics.com"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_user_without_a_connection_of_their_own_hears_what_to_do(connected: World) -> None:
    connected.prefer(connection="individual")
    answer = connected.talk("bruno").call(
        "POST", "/exports", json={"object": "lead", "records": [{"lastName": "A"}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "ownConnectionMissing")
    assert "Connect under Settings" in answer.json()["detail"]


LOST = [
    pytest.param({"passwordChanged": True}, "passwordChanged", id="password changed"),
    pytest.param({"mfaRequired": True}, "multiFactorRequired", id="second factor wanted"),
    pytest.param({"blockedByPolicy": True}, "conditionalAccess", id="conditional access"),
    pytest.param({"enabled": False}, "accountDisabled", id="account disabled"),
]


@pytest.mark.parametrize(("change", "reason"), LOST)
def test_a_sign_in_that_is_worth_nothing_any_more_raises_a_banner_and_stops_exports(
    connected: World, change: dict[str, Any], reason: str
) -> None:
    connected.entra("PATCH", f"users/{ADA}", **change)
    first = connected.talk().call("POST", "/connection/test").json()
    assert first["ok"] is False
    assert (first["checks"][0]["check"], first["checks"][0]["code"]) == ("token", reason)
    assert {line["code"] for line in first["checks"][1:]} == {"notChecked"}
    shown = connected.talk().get("/connection")
    assert shown["state"] == "reauthorizationRequired"
    assert shown["attention"]["code"] == reason
    assert shown["attention"]["message"] == shown["problem"]
    assert shown["attention"]["since"].endswith("Z")
    refused = connected.talk("bruno").call("POST", "/exports", json={"object": "lead", "records": [{}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "reauthorizationRequired")


def test_a_missing_privilege_is_named_waits_with_a_banner_and_goes_on(connected: World) -> None:
    member = {"directoryObjectId": ADAS_ID, "email": ADA, "name": "Ada Lindqvist"}
    connected.dataverse.control("POST", "users", {**member, "roles": ["Read only"]})
    talk = connected.talk()
    check = talk.call("POST", "/connection/test").json()
    lines = {line["check"]: line for line in check["checks"]}
    assert "prvCreateLead, prvWriteLead" in lines["privilegesLead"]["message"]
    assert lines["privilegesAccount"]["code"] == "privilegeMissing"
    waiting = talk.start("lead", [{"id": "p-1", "lastName": "Ngata", "companyName": "C", "firstName": "A"}])
    # The check above may have raised a banner of its own before the export's.
    banner = _banner(connected, saying="prvCreateLead")
    assert banner["code"] == "privilegeMissing"
    connected.dataverse.control("POST", "users", {**member, "roles": ["System Administrator"]})
    connected.connect()
    assert talk.wait(waiting)["counts"]["created"] == 1
    assert talk.get("/connection")["attention"] is None


def test_a_missing_right_to_change_accounts_is_named(connected: World) -> None:
    talk = connected.talk()
    assert talk.export("account", [{"id": "w-1", "name": "Contoso W"}])["counts"]["created"] == 1
    member = {"directoryObjectId": ADAS_ID, "email": ADA, "name": "Ada Lindqvist", "roles": ["Read only"]}
    connected.dataverse.control("POST", "users", member)
    record = {"id": "w-1", "name": "Contoso W", "website": "https://w.example", "phone": "+49 30 1"}
    waiting = talk.start("account", [record])
    assert "prvWriteAccount" in _banner(connected)["message"]
    talk.call("POST", f"/exports/{waiting}/cancel").raise_for_status()
    talk.wait(waiting)


def test_a_password_changed_during_an_export_pauses_it_and_reconnecting_sets_it_going(
    connected: World,
) -> None:
    talk = connected.talk()
    talk.export("lead", [{"id": "q-0", "lastName": "First", "companyName": "C", "firstName": "A"}])
    time.sleep(TRUSTED_SECONDS)
    connected.entra("PATCH", f"users/{ADA}", passwordChanged=True)
    connected.dataverse.fault(action="status", status=401, method="POST", path="$batch", times=2)
    waiting = talk.start("lead", [{"id": "q-1", "lastName": "Second", "companyName": "C", "firstName": "A"}])
    assert _banner(connected)["code"] == "passwordChanged"
    assert _held_up(talk, waiting)["endedAt"] is None
    connected.connect()
    assert talk.wait(waiting)["counts"]["created"] == 1
    assert talk.get("/connection")["attention"] is None


def test_a_users_own_exports_pause_and_go_on_with_their_own_sign_in(connected: World) -> None:
    connected.prefer(connection="individual")
    assert connected.come_back(connected.start("bruno", "/me/connection"), BRUNO).told["ok"]
    talk = connected.talk("bruno")
    talk.export("lead", [{"id": "r-0", "lastName": "First", "companyName": "C", "firstName": "A"}])
    time.sleep(TRUSTED_SECONDS)
    connected.entra("PATCH", f"users/{BRUNO}", passwordChanged=True)
    connected.dataverse.fault(action="status", status=401, method="POST", path="$batch", times=2)
    waiting = talk.start("lead", [{"id": "r-1", "lastName": "Second", "companyName": "C", "firstName": "A"}])
    assert _banner(connected, "bruno", "/me/connection")["code"] == "passwordChanged"
    assert talk.get("/connection")["state"] == "connected"
    assert connected.come_back(connected.start("bruno", "/me/connection"), BRUNO).told["ok"]
    assert talk.wait(waiting)["counts"]["created"] == 1
    assert talk.get("/me/connection")["attention"] is None


def _held_up(talk: Talk, export_id: str) -> dict[str, Any]:
    """The export as soon as it says why it waits, which it does after the banner."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        export: dict[str, Any] = talk.get(f"/exports/{export_id}")
        if export["problem"]:
            return export
        time.sleep(0.1)
    raise AssertionError(f"the export does not say why it waits after {PATIENCE} s: {export}")


def _banner(
    world: World, user: str = "ada", path: str = "/connection", *, saying: str = ""
) -> dict[str, Any]:
    """What the connection asks for, as soon as an export met it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = world.talk(user).get(path)["attention"]
        if found is not None and saying in found["message"]:
            banner: dict[str, Any] = found
            return banner
        time.sleep(0.1)
    raise AssertionError(f"there is no banner saying “{saying}” after {PATIENCE} s")
