"""What becomes of people whom Dynamics has already, and how that was decided."""

from typing import Any

from tests.e2e.conftest import People
from tests.e2e.conversation import Dataverse, Talk


def _seed(dataverse: Dataverse, person: dict[str, Any], amount: int = 1, **values: Any) -> list[str]:
    row = {"lastname": person["lastName"], "subject": "There", "emailaddress1": person["email"], **values}
    return dataverse.seed("lead", *[row] * amount)


def _ask(admin: Talk) -> None:
    kept = admin.get("/preferences")
    body = kept | {"lead": kept["lead"] | {"onSeveralMatches": "ask"}}
    saved = admin.call("PUT", "/preferences", json=body, headers={"If-Match": "*"})
    assert saved.status_code == 200, saved.text


def _reset(admin: Talk) -> None:
    assert admin.call("PUT", "/preferences", json={}, headers={"If-Match": "*"}).status_code == 200


def test_one_export_may_do_something_else_with_matches(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    person = people.one(1, jobTitle="CTO")
    (there,) = _seed(dataverse, person)
    skipped = admin.export("lead", [person], params={"matches": "skip"})
    (outcome,) = admin.outcomes(skipped["id"])
    assert (outcome["outcome"], outcome["code"]) == ("skipped", "updatesSwitchedOff")
    assert outcome["match"] == {
        "rule": "email",
        "candidates": [there],
        "chosen": there,
        "why": "The e-mail address is the same.",
    }
    body = {"object": "lead", "records": [person], "matches": "createAnyway"}
    started = admin.call("POST", "/exports", json=body, headers={"Prefer": "wait=50"}).json()
    (outcome,) = admin.outcomes(started["id"])
    assert (outcome["outcome"], outcome["match"]) == ("created", None)
    again = admin.export("lead", [person])
    (outcome,) = admin.outcomes(again["id"])
    assert (outcome["outcome"], outcome["match"]["rule"]) == ("unchanged", "vendorId")


def test_what_is_switched_off_cannot_be_had_for_one_export(admin: Talk, people: People) -> None:
    off = {"lead": {"createNew": False, "updateExisting": False}}
    assert admin.call("PUT", "/preferences", json=off, headers={"If-Match": "*"}).status_code == 200
    try:
        for matches, code in (("update", "updatesNotAllowed"), ("createAnyway", "creationNotAllowed")):
            body = {"object": "lead", "records": [people.one(1)], "matches": matches}
            refused = admin.call("POST", "/exports", json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, code)
    finally:
        _reset(admin)


def test_a_person_picks_whom_several_records_match(
    admin: Talk, user: Talk, people: People, dataverse: Dataverse
) -> None:
    person = people.one(1, jobTitle="CTO")
    twins = _seed(dataverse, person, 2)
    _ask(admin)
    try:
        waiting = user.export("lead", [people.one(0), person])
        outcome = user.outcomes(waiting["id"])[1]
        assert (outcome["outcome"], outcome["code"]) == ("skipped", "choiceNeeded")
        assert (set(outcome["match"]["candidates"]), outcome["match"]["chosen"]) == (set(twins), None)
        shown = user.get(f"/exports/{waiting['id']}/records/2/candidates")["items"]
        assert {each["id"] for each in shown} == set(twins)
        assert {"column": "emailaddress1", "label": "Email", "value": person["email"]} in shown[0]["values"]
        assert shown[0]["address"].startswith("https://contoso.crm4.dynamics.com/main.aspx?")
        assert user.get(f"/exports/{waiting['id']}/records/1/candidates")["items"] == []
        path = f"/exports/{waiting['id']}/records/2/choose"
        other = user.call("POST", path, json={"dynamicsId": "00000000-0000-0000-0000-000000000001"})
        assert (other.status_code, other.json()["code"]) == (422, "candidateUnknown")
        picked = user.call("POST", path, json={"dynamicsId": twins[1]})
        assert picked.status_code == 202, picked.text
        done = user.wait(picked.json()["id"])
        assert (done["counts"]["total"], done["retryOf"]) == (1, waiting["id"])
        (outcome,) = user.outcomes(done["id"])
        assert (outcome["outcome"], outcome["dynamicsId"]) == ("updated", twins[1])
        assert outcome["match"]["rule"] == "choice"
        titles = {row["leadid"]: row["jobtitle"] for row in dataverse.rows("lead") if row["leadid"] in twins}
        assert titles == {twins[0]: None, twins[1]: "CTO"}
        later = user.export("lead", [person | {"jobTitle": "CEO"}])
        (outcome,) = user.outcomes(later["id"])
        assert (outcome["dynamicsId"], outcome["match"]["rule"]) == (twins[1], "choice")
        anew = user.wait(user.call("POST", path, json={"create": True}).json()["id"])
        (outcome,) = user.outcomes(anew["id"])
        assert (outcome["outcome"], outcome["vendorId"]) == ("created", person["id"])
    finally:
        _reset(admin)


def test_a_choice_whose_record_failed_holds_when_it_is_exported_again(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    person = people.one(1, jobTitle="CTO")
    twins = _seed(dataverse, person, 2)
    _ask(admin)
    try:
        waiting = admin.export("lead", [person])
        path = f"/exports/{waiting['id']}/records/1/choose"
        dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"max_length": 2})
        try:
            failed = admin.wait(admin.call("POST", path, json={"dynamicsId": twins[1]}).json()["id"])
        finally:
            dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"max_length": 100})
        assert failed["counts"]["failed"] == 1
        again = admin.wait(admin.call("POST", f"/exports/{failed['id']}/retry").json()["id"])
        (outcome,) = admin.outcomes(again["id"])
        assert (outcome["outcome"], outcome["dynamicsId"]) == ("updated", twins[1])
        assert outcome["match"]["rule"] == "choice"
    finally:
        _reset(admin)


def test_only_a_record_that_waits_can_be_picked_for(admin: Talk, user: Talk, people: People) -> None:
    done = admin.export("lead", [people.one(1)])
    path = f"/exports/{done['id']}/records"
    refused = admin.call("POST", f"{path}/1/choose", json={"create": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothingToChoose")
    for position in ("2", "0", "x"):
        unknown = admin.call("POST", f"{path}/{position}/choose", json={"create": True})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "recordUnknown")
    foreign = user.call("POST", f"{path}/1/choose", json={"create": True})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "exportUnknown")
