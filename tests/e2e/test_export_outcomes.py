"""What becomes of records: through HTTP, real queues and the emulators."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.conftest import People
from tests.e2e.conversation import CSV, Dataverse, Talk


def test_new_people_become_leads_and_the_second_time_nothing_changes(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    records = people.many(5)
    first = admin.export("lead", records)
    assert first["state"] == "succeeded"
    assert first["counts"] == {
        "total": 5, "created": 5, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0,
    }  # fmt: skip
    second = admin.export("lead", records)
    assert second["counts"]["unchanged"] == 5
    leads = [row for row in dataverse.rows("lead") if row["lastname"] == f"Ngata-{people.prefix}"]
    assert len(leads) == 5
    assert {lead["subject"] for lead in leads} >= {f"Ada1 Ngata-{people.prefix} - Contoso {people.prefix}"}


def test_one_vendor_id_twice_in_a_file_becomes_one_record(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    twice = [people.one(1), people.one(1, jobTitle="Director")]
    export = admin.export("lead", twice)
    first, second = admin.outcomes(export["id"])
    assert (first["outcome"], second["outcome"]) == ("created", "updated")
    assert first["dynamicsId"] == second["dynamicsId"]
    assert second["code"] == "mergedWithEarlier"
    (lead,) = [row for row in dataverse.rows("lead") if row["lastname"] == f"Ngata-{people.prefix}"]
    assert lead["jobtitle"] == "Director"


def test_an_existing_lead_of_the_same_email_is_completed_and_never_overwritten(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    email = people.one(1)["email"].upper()
    (lead_id,) = dataverse.seed("lead", {"lastname": "Kept", "subject": "Kept", "emailaddress1": email})
    export = admin.export("lead", [people.one(1, jobTitle="Director")])
    (outcome,) = admin.outcomes(export["id"])
    assert (outcome["outcome"], outcome["dynamicsId"]) == ("updated", lead_id)
    (lead,) = [row for row in dataverse.rows("lead") if row["leadid"] == lead_id]
    assert (lead["lastname"], lead["subject"], lead["jobtitle"]) == ("Kept", "Kept", "Director")


def test_a_qualified_lead_is_skipped_with_the_reason(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    dataverse.seed(
        "lead",
        {
            "lastname": "Q",
            "subject": "Q",
            "emailaddress1": people.one(1)["email"],
            "statecode": 1,
            "statuscode": 3,
        },
    )
    export = admin.export("lead", [people.one(1)])
    (outcome,) = admin.outcomes(export["id"])
    assert (outcome["outcome"], outcome["code"]) == ("skipped", "readOnlyMatch")


def test_a_record_that_lacks_a_required_column_fails_alone_and_names_it(admin: Talk, people: People) -> None:
    export = admin.export("lead", [people.one(1), people.one(2, lastName=None), people.one(3)])
    assert export["state"] == "completedWithErrors"
    (failed,) = admin.outcomes(export["id"], outcome="failed")
    assert (failed["position"], failed["code"], failed["column"]) == (2, "requiredMissing", "lastname")
    assert "Last Name" in failed["reason"]


def test_a_value_that_does_not_fit_is_left_out_and_told(admin: Talk, people: People) -> None:
    export = admin.export("lead", [people.one(1, jobTitle="x" * 101)])
    (outcome,) = admin.outcomes(export["id"])
    assert (outcome["outcome"], outcome["code"], outcome["column"]) == (
        "created",
        "valuesLeftOut",
        "jobtitle",
    )


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    export = admin.export("lead", people.many(3), params={"dryRun": "true"})
    assert export["dryRun"]
    assert export["counts"]["created"] == 3
    assert people.prefix not in str(dataverse.rows("lead"))


def test_failed_records_are_exported_again_as_a_new_export(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"required": "ApplicationRequired"})
    dataverse.control("PATCH", "tables/lead/columns/jobtitle", {"required": "None"})
    first = admin.export("lead", [people.one(1), people.one(2, lastName=None)])
    again = admin.call("POST", f"/exports/{first['id']}/retry")
    assert again.status_code == 202
    ended = admin.wait(again.json()["id"])
    assert ended["retryOf"] == first["id"]
    assert ended["counts"]["total"] == ended["counts"]["failed"] == 1
    nothing = admin.export("lead", [people.one(3)])
    refused = admin.call("POST", f"/exports/{nothing['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothingFailed")


def test_a_small_export_is_done_at_once_for_who_waits(admin: Talk, people: People) -> None:
    answer = admin.call(
        "POST",
        "/exports",
        json={"object": "lead", "records": [people.one(1)]},
        headers={"Prefer": "wait=50"},
    )
    assert answer.status_code == 200
    assert answer.headers["Preference-Applied"] == "wait"
    assert answer.json()["counts"]["created"] == 1


def test_one_idempotency_key_makes_one_export_however_often_it_is_sent(admin: Talk, people: People) -> None:
    headers = {"Idempotency-Key": people.prefix}
    body = [people.one(1)]
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: admin.start("lead", body, headers=headers), range(8)))
    assert len(set(ids)) == 1
    assert admin.wait(ids[0])["counts"]["created"] == 1
    other = admin.call(
        "POST",
        "/exports",
        json={"object": "lead", "records": [people.one(2)]},
        headers=headers,
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotencyKeyReused")


def test_csv_with_labels_as_headers_is_exported_and_results_come_as_csv(admin: Talk, people: People) -> None:
    text = "Contact ID;First Name;Last Name;Company Name\r\n=1+1;Ada;Ngata;“Ünïcode” GmbH\r\n"
    export_id = admin.start_file("lead", text.replace("=1+1", f"={people.prefix}").encode(), CSV)
    assert admin.wait(export_id)["counts"]["created"] == 1
    answer = admin.call("GET", f"/exports/{export_id}/results.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["outcome"] == "created"
    assert row["vendorId"] == f"'={people.prefix}"


def test_a_large_input_is_uploaded_past_the_api(admin: Talk, people: People) -> None:
    import orjson
    import requests

    upload = admin.call("POST", "/exports/uploads").json()
    body = b"\n".join(orjson.dumps(person) for person in people.many(1200))
    put = requests.put(upload["url"], data=body, headers={"x-ms-blob-type": "BlockBlob"}, timeout=180)
    assert put.status_code == 201
    started = admin.call("POST", "/exports", json={"object": "lead", "upload": upload["upload"]})
    ended = admin.wait(started.json()["id"])
    assert ended["counts"]["created"] == 1200
    assert [record["position"] for record in admin.outcomes(ended["id"], limit=500)] == list(range(1, 1201))


def test_cancelling_stops_what_has_not_started_and_every_record_has_an_outcome(
    admin: Talk, people: People, dataverse: Dataverse
) -> None:
    dataverse.control("PUT", "latency", {"request": 2.0})
    try:
        export_id = admin.start("lead", people.many(8000))
        while admin.get(f"/exports/{export_id}")["state"] == "queued":
            time.sleep(0.05)
        cancelled = admin.call("POST", f"/exports/{export_id}/cancel")
    finally:
        dataverse.control("PUT", "latency", {"request": 0.0})
    assert cancelled.json()["state"] == "cancelled"
    ended = admin.wait(export_id)
    counts = ended["counts"]
    assert ended["state"] == "cancelled"
    assert counts["created"] + counts["skipped"] == counts["total"] == 8000
    assert counts["skipped"] > 0
    refused = admin.call("POST", f"/exports/{admin.export('lead', [people.one(9001)])['id']}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "exportEnded")
