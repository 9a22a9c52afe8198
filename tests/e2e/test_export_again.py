"""The same export ordered twice by accident is one export."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.e2e.conftest import People
from tests.e2e.conversation import Talk


def order(talk: Talk, records: list[Any], **options: Any) -> dict[str, Any]:
    answer = talk.call("POST", "/exports", json={"object": "lead", "records": records}, **options)
    assert answer.status_code in {200, 202}, answer.text
    ordered: dict[str, Any] = answer.json()
    return ordered


def test_pressing_the_button_many_times_makes_one_export(admin: Talk, people: People) -> None:
    records = people.many(3)
    with ThreadPoolExecutor(8) as pool:
        ids = {each["id"] for each in pool.map(lambda _: order(admin, records), range(8))}
    (export_id,) = ids
    assert admin.wait(export_id)["counts"]["created"] == 3
    assert order(admin, records)["id"] == export_id


def test_other_records_another_person_or_a_dry_run_make_another_export(
    admin: Talk, user: Talk, people: People
) -> None:
    records = people.many(1)
    dry = {"object": "lead", "records": records, "dryRun": True}
    exports = [
        order(admin, records)["id"],
        order(admin, people.many(2))["id"],
        order(user, records)["id"],
        admin.call("POST", "/exports", json=dry).json()["id"],
    ]
    assert len(set(exports)) == 4
    for each in exports:
        admin.wait(each)  # or they are under way in other tests


def test_whoever_means_it_gets_a_new_export(admin: Talk, people: People) -> None:
    records = people.many(1)
    first = order(admin, records)["id"]
    second = order(admin, records, params={"again": "true"})["id"]
    assert first != second
    assert admin.wait(first)["counts"]["total"] == admin.wait(second)["counts"]["total"] == 1


def test_what_was_cancelled_is_not_taken_for_a_new_order(admin: Talk, people: People) -> None:
    records = people.many(9000)
    first = order(admin, records)["id"]
    admin.call("POST", f"/exports/{first}/cancel").raise_for_status()
    second = order(admin, records)["id"]
    assert first != second
    admin.call("POST", f"/exports/{second}/cancel").raise_for_status()
    for each in (first, second):
        admin.wait(each)  # or they are under way in other tests
