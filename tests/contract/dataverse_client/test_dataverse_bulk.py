from collections.abc import Sequence
from typing import Any

import pytest
from dataverse_organizations import DILIP, EDITH, Emulator

from shared.dataverse import messages
from shared.dataverse.bulk import Written, create_all, update_all
from shared.dataverse.messages import Row
from shared.dataverse.queries import read_rows
from shared.dataverse.refusals import AlreadyExists, BudgetSpent, ChangedMeanwhile, RecordGone, Uncertain
from shared.dataverse.slots import Slots
from shared.domain.errors import NeedsUser, RecordRejected, Transient

BOTH = pytest.mark.parametrize("bulk", [pytest.param(True, id="bulk"), pytest.param(False, id="batch")])


def key(number: int) -> str:
    return f"4a5b6c7d-0000-5000-8000-{number:012d}"


def leads(numbers: Sequence[int], **values: Any) -> list[dict[str, Any]]:
    return [{"leadid": key(number), "lastname": f"Lead {number}", **values} for number in numbers]


def stored(emulator: Emulator, *columns: str) -> dict[str, dict[str, Any]]:
    (rows,) = read_rows(emulator.client(), [messages.query("leads", select=["leadid", *columns])])
    return {row["leadid"]: row for row in rows if row["leadid"].startswith("4a5b6c7d")}


def create(emulator: Emulator, rows: Sequence[Row], *, bulk: bool = True) -> list[Any]:
    return list(create_all(emulator.client(), "lead", "leads", rows, bulk=bulk))


def update(emulator: Emulator, rows: Sequence[Row], *, bulk: bool = True) -> list[Any]:
    return list(update_all(emulator.client(), "lead", "leads", rows, bulk=bulk))


@BOTH
def test_new_rows_are_written_under_their_own_keys(dataverse: Emulator, *, bulk: bool) -> None:
    assert create(dataverse, leads(range(30)), bulk=bulk) == [Written(key(number)) for number in range(30)]
    assert {row["lastname"] for row in stored(dataverse, "lastname").values()} == {
        f"Lead {number}" for number in range(30)
    }


@BOTH
def test_a_thousand_rows_take_one_request(dataverse: Emulator, *, bulk: bool) -> None:
    client = dataverse.client()
    results = create_all(client, "lead", "leads", leads(range(1_000)), bulk=bulk)
    assert results == [Written(key(number)) for number in range(1_000)]
    assert client.requests.requests == 1


@BOTH
def test_the_last_chunk_uses_the_slots_that_are_free(dataverse: Emulator, *, bulk: bool) -> None:
    client = dataverse.client(slots=Slots(8))
    results = create_all(client, "lead", "leads", leads(range(500)), bulk=bulk, is_end=True)
    assert results == [Written(key(number)) for number in range(500)]
    assert client.requests.requests == 3
    assert len(stored(dataverse)) == 500


def test_a_piece_that_was_refused_is_written_when_all_is_sent_again(dataverse: Emulator) -> None:
    dataverse.fault(action="status", status=429, code="0x80072322", retryAfter=17, path="CreateMultiple")
    client = dataverse.client(slots=Slots(8))
    first = create_all(client, "lead", "leads", leads(range(500)), bulk=True, is_end=True)
    assert sum(isinstance(each, Transient) for each in first) in {166, 167}
    again = create_all(client, "lead", "leads", leads(range(500)), bulk=True, is_end=True)
    assert [isinstance(each, AlreadyExists) for each in again] == [
        isinstance(each, Written) for each in first
    ]
    assert len(stored(dataverse)) == 500


def test_more_rows_than_a_batch_may_hold_take_two(dataverse: Emulator) -> None:
    client = dataverse.client()
    results = create_all(client, "lead", "leads", leads(range(1_001)), bulk=False)
    assert len(results) == 1_001
    assert client.requests.requests == 2


@BOTH
def test_one_bad_record_fails_alone_with_its_column(dataverse: Emulator, *, bulk: bool) -> None:
    rows = leads(range(5))
    rows[3]["jobtitle"] = "x" * 101
    results = create(dataverse, rows, bulk=bulk)
    assert [type(result) for result in results] == [Written, Written, Written, RecordRejected, Written]
    assert (results[3].code, results[3].column) == ("valueTooLong", "jobtitle")
    assert set(stored(dataverse)) == {key(number) for number in (0, 1, 2, 4)}


@BOTH
def test_rows_that_are_there_already_are_told_apart(dataverse: Emulator, *, bulk: bool) -> None:
    create(dataverse, leads([1]))
    results = create(dataverse, leads([0, 1, 2]), bulk=bulk)
    assert [type(result) for result in results] == [Written, AlreadyExists, Written]
    assert set(stored(dataverse)) == {key(0), key(1), key(2)}


@BOTH
def test_updates_change_what_they_name_and_nothing_else(dataverse: Emulator, *, bulk: bool) -> None:
    create(dataverse, leads(range(3), jobtitle="Buyer"))
    rows = [{"leadid": key(number), "jobtitle": f"Title {number}"} for number in range(3)]
    assert update(dataverse, rows, bulk=bulk) == [Written(key(number)) for number in range(3)]
    after = stored(dataverse, "lastname", "jobtitle")
    assert [(after[key(number)]["lastname"], after[key(number)]["jobtitle"]) for number in range(3)] == [
        (f"Lead {number}", f"Title {number}") for number in range(3)
    ]


@BOTH
def test_an_update_never_brings_back_a_row_that_was_deleted(dataverse: Emulator, *, bulk: bool) -> None:
    create(dataverse, leads([0, 2]))
    rows = [{"leadid": key(number), "jobtitle": "Buyer"} for number in range(3)]
    results = update(dataverse, rows, bulk=bulk)
    assert [type(result) for result in results] == [Written, RecordGone, Written]
    assert set(stored(dataverse)) == {key(0), key(2)}


def test_an_update_under_an_etag_leaves_a_change_of_somebody_else_alone(dataverse: Emulator) -> None:
    create(dataverse, leads([0, 1]))
    before = stored(dataverse)
    dataverse.client().send(messages.update("leads", key(1), {"jobtitle": "By hand"}))
    rows = [
        {"leadid": key(number), "jobtitle": "By us", "@odata.etag": before[key(number)]["@odata.etag"]}
        for number in (0, 1)
    ]
    results = update(dataverse, rows, bulk=False)
    assert [type(result) for result in results] == [Written, ChangedMeanwhile]
    after = stored(dataverse, "jobtitle")
    assert [after[key(number)]["jobtitle"] for number in (0, 1)] == ["By us", "By hand"]


@BOTH
def test_of_a_mixed_update_only_the_rows_with_an_etag_heed_changes(
    dataverse: Emulator, *, bulk: bool
) -> None:
    create(dataverse, leads(range(6)))
    before = stored(dataverse)
    for number in (0, 1, 2):
        dataverse.client().send(messages.update("leads", key(number), {"jobtitle": "By hand"}))
    client = dataverse.client()
    rows = [
        {"leadid": key(number), "jobtitle": "By us"}
        | ({"@odata.etag": before[key(number)]["@odata.etag"]} if number % 2 else {})
        for number in range(6)
    ]
    results = list(update_all(client, "lead", "leads", rows, bulk=bulk))
    assert [type(result) for result in results] == [
        Written, ChangedMeanwhile, Written, Written, Written, Written,
    ]  # fmt: skip
    after = stored(dataverse, "jobtitle")
    assert [after[key(number)]["jobtitle"] for number in range(3)] == ["By us", "By hand", "By us"]
    assert client.requests.requests == (2 if bulk else 1)


def test_what_was_written_in_bulk_is_not_forgotten_when_the_single_updates_are_refused(
    dataverse: Emulator,
) -> None:
    create(dataverse, leads(range(3)))
    before = stored(dataverse)
    rows = [{"leadid": key(number), "jobtitle": "By us"} for number in range(2)]
    rows.append({"leadid": key(2), "jobtitle": "By us", "@odata.etag": before[key(2)]["@odata.etag"]})
    dataverse.fault(action="status", status=429, code="0x80072322", retryAfter=17, path="$batch")
    results = update(dataverse, rows)
    assert [isinstance(result, Written) for result in results] == [True, True, False]
    assert isinstance(results[2], BudgetSpent)


@BOTH
def test_a_write_whose_answer_is_lost_is_uncertain_and_safe_to_repeat(
    dataverse: Emulator, *, bulk: bool
) -> None:
    dataverse.fault(action="dropAfter", method="POST")
    with pytest.raises(Uncertain):
        create(dataverse, leads(range(3)), bulk=bulk)
    assert len(stored(dataverse)) == 3
    results = create(dataverse, leads(range(3)), bulk=bulk)
    assert [type(result) for result in results] == [AlreadyExists] * 3
    assert len(stored(dataverse)) == 3


@BOTH
def test_an_update_whose_answer_is_lost_is_sent_again(dataverse: Emulator, *, bulk: bool) -> None:
    create(dataverse, leads(range(3)))
    dataverse.fault(action="dropAfter", method="POST")
    rows = [{"leadid": key(number), "jobtitle": "Buyer"} for number in range(3)]
    assert update(dataverse, rows, bulk=bulk) == [Written(key(number)) for number in range(3)]


@BOTH
def test_throttling_stops_the_whole_call_with_nothing_written(dataverse: Emulator, *, bulk: bool) -> None:
    dataverse.fault(action="status", status=429, code="0x80072322", retryAfter=17)
    with pytest.raises(Transient) as caught:
        create(dataverse, leads(range(3)), bulk=bulk)
    assert caught.value.retry_after == 17
    assert stored(dataverse) == {}


def test_throttling_after_the_first_slice_forgets_nothing_that_was_written(dataverse: Emulator) -> None:
    dataverse.fault(action="status", status=429, code="0x80072322", retryAfter=17, after=1)
    results = create(dataverse, leads(range(1_010)), bulk=False)
    assert [isinstance(result, Written) for result in results] == [True] * 1_000 + [False] * 10
    assert isinstance(results[-1], BudgetSpent)
    assert results[-1].retry_after == 17


@pytest.mark.parametrize("code", ["", "0x80044151"], ids=["internal error", "SQL timeout"])
def test_a_failure_of_a_bulk_write_is_narrowed_down_to_single_ones(dataverse: Emulator, code: str) -> None:
    dataverse.fault(action="status", status=500, code=code, path="CreateMultiple")
    assert create(dataverse, leads(range(3))) == [Written(key(number)) for number in range(3)]


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_gives_up_on_a_bulk_update_is_no_reason_for_single_ones(
    dataverse: Emulator, status: int
) -> None:
    create(dataverse, leads(range(2)))
    dataverse.fault(action="status", status=status, path="UpdateMultiple", times=3)
    with pytest.raises(Transient):
        update(dataverse, [{"leadid": key(number), "jobtitle": "Buyer"} for number in range(2)])


def test_a_deadlock_of_a_bulk_write_is_left_for_later(dataverse: Emulator) -> None:
    dataverse.fault(action="status", status=500, code="0x80044150", path="CreateMultiple")
    with pytest.raises(Transient) as caught:
        create(dataverse, leads(range(3)))
    assert caught.value.code == "dynamicsBusy"


def test_a_missing_right_stops_the_whole_call(dataverse: Emulator) -> None:
    dataverse.fault(action="status", status=403, code="0x80072560")
    with pytest.raises(NeedsUser) as caught:
        create(dataverse, leads(range(3)))
    assert caught.value.code == "userNotInOrganization"


@pytest.mark.parametrize(("oid", "code"), [(DILIP, "userNotInOrganization"), (EDITH, "userDisabled")])
def test_whom_the_organization_does_not_admit_is_told_so(dataverse: Emulator, oid: str, code: str) -> None:
    with pytest.raises(NeedsUser) as caught:
        create_all(dataverse.client(oid), "lead", "leads", leads([0]), bulk=True)
    assert caught.value.code == code


def test_no_rows_ask_nothing(dataverse: Emulator) -> None:
    assert create(dataverse, []) == []
    assert update(dataverse, []) == []
    assert dataverse.requests_seen() == []
