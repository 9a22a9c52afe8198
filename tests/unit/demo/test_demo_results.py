from pathlib import Path

import pytest

from local.demo.inputs import Input
from local.demo.report import outcome_table, remarks
from local.demo.results import Refused, Result, Results
from local.demo.traffic import SlowRequest, slowest
from local.exporting import OUTCOMES, Finished

PEOPLE = Input(Path("people.ndjson"), "lead", "people")


def result(
    *,
    state: str = "succeeded",
    total: int = 10,
    new_rows: int | None = None,
    seconds: float = 2.0,
    **counts: int,
) -> Result:
    counted = {outcome: counts.get(outcome, 0) for outcome in OUTCOMES}
    export = {"id": "1", "state": state, "problem": None, "counts": {"total": total, **counted}}
    return Result(
        input=PEOPLE,
        finished=Finished(export),
        seconds=seconds,
        requests=3,
        slowest_request=SlowRequest("CreateMultiple", 10, 41.5),
        rows_before=5,
        rows_after=5 + (counted["created"] if new_rows is None else new_rows),
    )


def results(*ended: Result, refused: tuple[Refused, ...] = (), alone: bool = True) -> Results:
    return Results(ended, refused, alone)


@pytest.mark.parametrize(
    "one",
    [result(created=10), result(state="completedWithErrors", created=8, failed=2), result(unchanged=10)],
    ids=["all created", "some failed", "all unchanged"],
)
def test_an_export_with_an_outcome_for_every_record_is_what_a_demo_has_to_show(one: Result) -> None:
    assert results(one).shortcomings() == []


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (result(created=9), "only 9 of 10"),
        (result(state="failed", failed=10), "ended as failed"),
        (result(state="cancelled", skipped=10), "ended as cancelled"),
        (result(created=10, new_rows=11), "11 more leads"),
        (result(created=10, new_rows=9), "9 more leads"),
    ],
    ids=["a record without outcome", "all failed", "cancelled", "one row doubled", "one row lost"],
)
def test_a_shortcoming_is_told_in_a_sentence(one: Result, word: str) -> None:
    (sentence,) = results(one).shortcomings()
    assert word in sentence
    assert sentence.endswith(".")


def test_an_input_that_the_api_refused_is_a_shortcoming() -> None:
    (sentence,) = results(refused=(Refused(PEOPLE, "it is empty."),)).shortcomings()
    assert sentence == "people.ndjson was not exported: it is empty."


def test_rows_are_not_held_against_an_export_that_was_not_alone() -> None:
    assert results(result(created=10, new_rows=12), alone=False).shortcomings() == []


def test_the_table_has_a_line_for_each_export_under_its_headings() -> None:
    heading, line = outcome_table(
        results(result(created=7, failed=3, state="completedWithErrors"))
    ).splitlines()
    assert heading.split() == ["records", *OUTCOMES, "seconds", "records/s"]
    assert line.split() == ["leads", "10", "7", "0", "0", "0", "3", "2.0", "5"]


def test_a_repetition_says_that_nothing_was_created_twice() -> None:
    told = list(remarks(results(result(unchanged=8, updated=2))))
    assert "Nothing was created twice: 8 unchanged, 2 updated." in told
    assert not any("twice" in line for line in remarks(results(result(created=10))))


def test_requests_are_told_for_a_thousand_new_records() -> None:
    told = list(remarks(results(result(created=10))))
    assert "HTTP requests to Dataverse: 3 for 10 new records, 300.0 per 1,000." in told


def test_the_slowest_export_and_request_are_named() -> None:
    told = list(remarks(results(result(created=10, seconds=1.0), result(created=10, seconds=4.0))))
    assert "Slowest: the leads, 4.0 s." in told
    assert "Slowest request to Dataverse: CreateMultiple of 10 records, 42 ms." in told


def test_the_slowest_request_is_named_by_its_action() -> None:
    journal = [
        {"path": "/api/data/v9.2/$batch", "records": 0, "ms": 3.0},
        {"path": "/api/data/v9.2/leads/Microsoft.Dynamics.CRM.CreateMultiple", "records": 5, "ms": 9.0},
    ]
    assert slowest(journal) == SlowRequest("CreateMultiple", 5, 9.0)
    assert slowest(journal[:1]) == SlowRequest("$batch", 0, 3.0)
    assert slowest([]) is None
