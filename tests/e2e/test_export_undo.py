"""Undoing an export: through HTTP, real queues and the emulators."""

from typing import Any

from tests.e2e.conftest import People
from tests.e2e.conversation import Dataverse, Talk


def undo(talk: Talk, export_id: str, *, dry_run: bool = False) -> dict[str, Any]:
    answer = talk.call("POST", f"/exports/{export_id}/undo", json={"dryRun": dry_run})
    assert answer.status_code == 202, answer.text
    ended = talk.wait(answer.json()["id"])
    assert (ended["undoOf"], ended["dryRun"]) == (export_id, dry_run)
    return ended


def refused(talk: Talk, export_id: str) -> tuple[int, str]:
    answer = talk.call("POST", f"/exports/{export_id}/undo", json={"dryRun": False})
    return answer.status_code, answer.json()["code"]


def told(talk: Talk, export: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["outcome"], each["code"]) for each in talk.outcomes(export["id"])]


def leads(dataverse: Dataverse, people: People) -> list[dict[str, Any]]:
    return [row for row in dataverse.rows("lead") if people.prefix in str(row["companyname"])]


def test_new_records_are_deleted_and_old_values_put_back_after_a_dry_run_that_changes_nothing(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    (there,) = dataverse.seed(
        "lead",
        {
            "lastname": "Kept",
            "subject": "Kept",
            "emailaddress1": people.one(1)["email"],
            "companyname": f"Old {people.prefix}",
            "jobtitle": "",
        },
    )
    export = admin.export("lead", [people.one(1, jobTitle="Director"), people.one(2), people.one(3)])
    assert export["counts"]["created"] == 2
    assert export["counts"]["updated"] == 1
    trial = undo(admin, export["id"], dry_run=True)
    assert trial["counts"]["updated"] == 3
    assert len(leads(dataverse, people)) == 3
    assert admin.get(f"/exports/{export['id']}")["undoneBy"] is None
    undone = undo(admin, export["id"])
    assert undone["state"] == "succeeded"
    assert sorted(told(admin, undone)) == [("updated", "deleted")] * 2 + [("updated", "restored")]
    (lead,) = leads(dataverse, people)
    assert (lead["leadid"], lead["lastname"], lead["jobtitle"]) == (there, "Kept", None)
    assert admin.get(f"/exports/{export['id']}")["undoneBy"] == undone["id"]
    assert refused(admin, export["id"]) == (409, "alreadyUndone")
    assert refused(admin, undone["id"]) == (409, "undoOfUndo")
    assert refused(admin, trial["id"]) == (409, "undoOfUndo")


def test_a_created_record_on_which_something_hangs_stays_and_is_deleted_when_that_is_gone(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    export = admin.export(
        "account", [{"id": f"{people.prefix}-{n}", "name": f"A{n} {people.prefix}"} for n in (1, 2)]
    )
    ids = [each["dynamicsId"] for each in admin.outcomes(export["id"])]
    dataverse.seed(
        "contact", {"lastname": "Child", "parentcustomerid_account@odata.bind": f"/accounts({ids[0]})"}
    )
    undone = undo(admin, export["id"])
    by_id = {each["dynamicsId"]: each for each in admin.outcomes(undone["id"])}
    assert (by_id[ids[0]]["code"], by_id[ids[1]]["code"]) == ("hasRelated", "deleted")
    assert "Contacts" in by_id[ids[0]]["reason"]
    assert undo(admin, export["id"])["counts"]["skipped"] == 1


def test_only_what_has_ended_and_changed_something_is_undone_and_only_by_who_may_see_it(
    admin: Talk, user: Talk, people: People
) -> None:
    trial = admin.export("lead", people.many(1), params={"dryRun": "true"})
    assert refused(admin, trial["id"]) == (409, "nothingToUndo")
    failed = admin.export("lead", [people.one(1, lastName=None)])
    assert refused(admin, failed["id"]) == (409, "nothingToUndo")
    done = admin.export("lead", people.many(1))
    assert refused(user, done["id"]) == (404, "exportUnknown")
    own = user.export("lead", [people.one(2)])
    assert undo(admin, own["id"])["requestedBy"] == "ada"


def test_what_failed_of_an_undo_is_undone_again_by_a_retry(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    company = f"Old {people.prefix}"
    there = {"lastname": "L", "subject": "S", "emailaddress1": people.one(1)["email"], "companyname": company}
    dataverse.seed("lead", there)
    export = admin.export("lead", [people.one(1, jobTitle="Director"), people.one(2)])
    dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"required": "SystemRequired"})
    try:
        undone = undo(admin, export["id"])
    finally:
        dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"required": "None"})
    assert (undone["state"], undone["counts"]["failed"]) == ("completedWithErrors", 1)
    again = admin.call("POST", f"/exports/{undone['id']}/retry").json()
    ended = admin.wait(again["id"])
    assert (ended["undoOf"], ended["retryOf"]) == (export["id"], undone["id"])
    assert told(admin, ended) == [("updated", "restored")]
    assert [lead["jobtitle"] for lead in leads(dataverse, people)] == [None]
