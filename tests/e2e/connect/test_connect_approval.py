"""The consent doctor: one link for the administrator, and what was started goes on by itself."""

import pytest

from tests.e2e.connect.conftest import ADA, BRUNO, CONTOSO, World

BACK = {"Need admin approval": "Back"}


@pytest.fixture
def unapproved(world: World) -> World:
    """Ada connected for herself alone: nobody approved for the others."""
    world.connect(for_everybody=False)
    return world


def test_a_user_who_needs_an_approval_goes_on_by_themselves_after_it(unapproved: World) -> None:
    world = unapproved
    page = world.come_back(world.start("bruno", "/me/connection"), BRUNO, press=BACK)
    assert page.told == {"type": "dynamics-connection", "ok": False, "code": "adminApprovalRequired"}
    offered = world.talk("bruno").get("/me/connection")["approval"]
    assert (offered["link"], offered["granted"]) == (page.link, False)
    assert world.talk("ada").get("/me/connection")["approval"] is None
    still = world.open(page.waits_at)
    assert (still.status, still.waits_at) == (200, page.waits_at)

    consent = world.open(page.link)
    assert consent.status == 303
    granted = world.callback(world.answer(consent.location, ADA))
    assert granted.told == {"type": "dynamics-connection", "ok": True, "code": "consentGranted"}
    assert world.talk().get("/connection")["consentGranted"] is True
    assert world.talk("bruno").get("/me/connection")["approval"]["granted"] is True

    going_on = world.open(page.waits_at)
    assert going_on.status == 303
    assert world.come_back(going_on.location, BRUNO).told["ok"]
    mine = world.talk("bruno").get("/me/connection")
    assert (mine["state"], mine["account"], mine["approval"]) == ("connected", BRUNO, None)
    for spent in (page.link, page.waits_at):
        assert world.open(spent).told["code"] == "approvalUnknown"


def test_whoever_starts_first_and_is_no_global_admin_goes_on_after_the_approval(world: World) -> None:
    page = world.come_back(world.start(), BRUNO, press=BACK)
    assert world.talk().get("/connection")["approval"]["link"] == page.link
    assert world.callback(world.answer(world.open(page.link).location, ADA)).told["ok"]
    assert world.come_back(world.open(page.waits_at).location, BRUNO).told["ok"]
    found = world.talk().get("/connection")
    assert (found["state"], found["account"], found["consentGranted"]) == ("connected", BRUNO, True)


def test_a_link_that_was_sent_stays_the_same_when_the_user_tries_again(unapproved: World) -> None:
    first = unapproved.come_back(unapproved.start("bruno", "/me/connection"), BRUNO, press=BACK)
    second = unapproved.come_back(unapproved.start("bruno", "/me/connection"), BRUNO, press=BACK)
    assert second.link == first.link
    assert unapproved.open(first.waits_at).told["code"] == "approvalUnknown"
    assert unapproved.open(second.waits_at).status == 200


def test_opening_the_link_approves_nothing_by_itself(unapproved: World) -> None:
    page = unapproved.come_back(unapproved.start("bruno", "/me/connection"), BRUNO, press=BACK)
    for _ in range(3):
        assert unapproved.open(page.link).status == 303
    declined = unapproved.open(page.link).location
    answer = unapproved.answer(declined, ADA, press={"Permissions requested": "Cancel"})
    assert unapproved.callback(answer).told["ok"] is False
    assert unapproved.open(page.waits_at).status == 200
    assert unapproved.talk("bruno").get("/me/connection")["approval"]["granted"] is False


def test_a_forged_consent_is_not_believed(unapproved: World) -> None:
    world = unapproved
    page = world.come_back(world.start("bruno", "/me/connection"), BRUNO, press=BACK)
    location = world.open(page.link).location
    world.entra("DELETE", "consent", directory=CONTOSO)
    state = location.partition("state=")[2].partition("&")[0]
    forged = {"admin_consent": "True", "tenant": "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801", "state": state}
    assert world.callback(forged).told["code"] == "applicationNotInDirectory"
    assert world.talk().get("/connection")["consentGranted"] is False
    assert world.open(page.waits_at).status == 200


def test_a_disconnect_ends_what_waits(unapproved: World) -> None:
    page = unapproved.come_back(unapproved.start("bruno", "/me/connection"), BRUNO, press=BACK)
    unapproved.talk().call("DELETE", "/connection").raise_for_status()
    assert unapproved.open(page.link).told["code"] == "approvalUnknown"
    assert unapproved.talk("bruno").get("/me/connection")["approval"] is None


@pytest.mark.parametrize("link", ["", "x", "a.b", "WyJjb250b3NvIiwiYnJ1bm8iXQ.AAAA", "." * 700])
def test_a_made_up_link_leads_nowhere(world: World, link: str) -> None:
    for path, name in (("approval", "link"), ("waiting", "ticket")):
        page = world.open(f"{world.stack.api}/oauth/{path}", params={name: link})
        assert (page.status, page.told["code"]) == (400, "approvalUnknown")
