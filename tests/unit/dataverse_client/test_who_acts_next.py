"""For each number that Dynamics refuses with: the export waits, a person has to act, or one record fails.

The status is one that would decide otherwise, were the number not known.
"""

import orjson
import pytest

from shared.dataverse.errors import service_error
from shared.dataverse.refusals import BY_CODE, AlreadyExists, BudgetSpent, ChangedMeanwhile, RecordGone
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError, Transient
from tests.unit.dataverse_client.test_dataverse_errors import NOW

BUDGET = (0x80072321, 0x80072322)
TOO_MANY = (0x80072324, 0x80072326, 0x80048544, 0x8005F103)
PASSES = (0x80040216, 0x80040251, 0x80040255, 0x80044150, 0x80044151, 0x80071154)
ACCOUNT = (0x80072560, 0x80040225, 0x80042F09, 0x8004D24B, 0x80040220, 0x80040204, 0x80048405, 0x8004F502)
ORGANIZATION = (0x80040276, 0x8004A104, 0x8004415C, 0x8004415D, 0x8004B057, 0x80072325, 0x8006088A)
SEARCH = (0x80060888, 0x80071119)
VALUE = (
    *(0x80044331, 0x8004431A, 0x8004431C, 0x8004432F, 0x80044330, 0x8004022C, 0x80040239, 0x80048408),
    *(0x80048D19, 0x80040203, 0x80040278, 0x80041A07, 0x80044192, 0x8004203E, 0x80048CFB),
)
RECORD = (0x80040230, 0x80040265, 0x80040224, 0x80040333, 0x80060892, 0x80073002, 0x80048306)
OVERTAKEN = {
    0x80040237: AlreadyExists,
    0x80060882: ChangedMeanwhile,
    0x80040217: RecordGone,
    0x80060891: RecordGone,
}


def refused(number: int, status: int) -> ServiceError:
    body = orjson.dumps({"error": {"code": f"{number:#010x}", "message": ""}})
    return service_error(status, {}, body, now=NOW, request_id="r1")


def numbers(*groups: tuple[int, ...]) -> list[object]:
    return [pytest.param(number, id=f"{number:#010x}") for group in groups for number in group]


@pytest.mark.parametrize("number", numbers(BUDGET, TOO_MANY, PASSES))
def test_what_passes_by_itself_fails_no_record(number: int) -> None:
    error = refused(number, 400)
    assert isinstance(error, Transient)
    assert isinstance(error, BudgetSpent) is (number in BUDGET)
    assert (error.code == "throttled") is (number in {*BUDGET, *TOO_MANY})


@pytest.mark.parametrize("number", numbers(ACCOUNT, ORGANIZATION, SEARCH))
def test_what_a_person_has_to_put_right_fails_no_record(number: int) -> None:
    assert isinstance(refused(number, 400), NeedsUser)


@pytest.mark.parametrize("number", numbers(VALUE, RECORD))
def test_what_one_record_is_refused_for_holds_nobody_else_up(number: int) -> None:
    error = refused(number, 500)
    assert isinstance(error, RecordRejected)
    assert type(error) not in OVERTAKEN.values()


@pytest.mark.parametrize("number", numbers(tuple(OVERTAKEN)))
def test_whom_somebody_else_was_quicker_to_change_comes_again(number: int) -> None:
    assert type(refused(number, 500)) is OVERTAKEN[number]


def test_no_number_is_without_a_consequence() -> None:
    groups = (BUDGET, TOO_MANY, PASSES, ACCOUNT, ORGANIZATION, SEARCH, VALUE, RECORD, tuple(OVERTAKEN))
    assert sorted(number for group in groups for number in group) == sorted(BY_CODE)


@pytest.mark.parametrize(
    ("status", "consequence"),
    [
        (400, RecordRejected),
        (401, NeedsUser),
        (403, NeedsUser),
        (408, Transient),
        (409, Transient),
        (412, RecordRejected),
        (413, RecordRejected),
        (429, Transient),
        (499, RecordRejected),
        (500, Transient),
        (502, Transient),
        (503, Transient),
        (504, Transient),
        (599, Transient),
    ],
)
def test_a_number_that_nobody_knows_is_judged_by_its_status(status: int, consequence: type) -> None:
    assert isinstance(refused(0x8FFFFFFF, status), consequence)
