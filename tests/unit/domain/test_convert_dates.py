from typing import Any

import pytest

from shared.domain.convert import ValueRejected, converter
from shared.domain.fields import ColumnType
from tests.builders import column

DAY = converter(column("birthday", ColumnType.DATE_TIME, behavior="DateOnly"))
MOMENT = converter(column("seen", ColumnType.DATE_TIME, behavior="UserLocal"))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-01-31", "2026-01-31"),
        (" 2026-01-31 ", "2026-01-31"),
        ("20260131", "2026-01-31"),
        (20260131, "2026-01-31"),
        ("2026-01-31T10:00:00Z", "2026-01-31"),
        ("2026-01-31 10:00", "2026-01-31"),
        ("2026-01-31T23:30:00-05:00", "2026-01-31"),
        ("2026-02-01T00:30:00+02:00", "2026-02-01"),
        ("01/31/2026", "2026-01-31"),
        ("1/31/2026", "2026-01-31"),
        ("01/31/2026 09:05 PM", "2026-01-31"),
        ("01/31/2026 21:05", "2026-01-31"),
        ("2024-02-29", "2024-02-29"),
        ("2000-02-29", "2000-02-29"),
        ("1753-01-01", "1753-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_is_the_day_that_was_written(value: Any, day: str) -> None:
    assert DAY(value) == day


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T10:20:30Z", "2026-01-31T10:20:30Z"),
        ("2026-01-31T10:20:30", "2026-01-31T10:20:30Z"),
        ("2026-01-31T10:20:30.987654Z", "2026-01-31T10:20:30Z"),
        ("2026-01-31T23:30:00-05:00", "2026-02-01T04:30:00Z"),
        ("2026-02-01T00:30:00+02:00", "2026-01-31T22:30:00Z"),
        ("2024-02-29T12:00:00+00:00", "2024-02-29T12:00:00Z"),
        ("01/31/2026 12:05 AM", "2026-01-31T00:05:00Z"),
        ("1753-01-01T00:00:00Z", "1753-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_a_moment_is_in_utc(value: Any, moment: str) -> None:
    assert MOMENT(value) == moment


@pytest.mark.parametrize("convert", [DAY, MOMENT], ids=["day", "moment"])
@pytest.mark.parametrize(
    "value",
    [
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-10",
        "31/01/2026",
        "02/30/2026",
        "1/31/26",
        "1752-12-31",
        "0001-01-01",
        "10000-01-01",
        "2026",
        "2026-01",
        "soon",
        "1700000000",
        1700000000,
        1.5,
        True,
        ["2026-01-31"],
        "2026-01-31T25:00:00Z",
        "2026-01-31T10:00:00+25:00",
        "-2026-01-31",
        "2026-01-31x",
    ],
    ids=ascii,
)
def test_what_is_no_date_is_refused(convert: Any, value: Any) -> None:
    with pytest.raises(ValueRejected) as rejected:
        convert(value)
    assert rejected.value.code == "notADate"
    assert "1753 to 9999" in rejected.value.message


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_beyond_the_calendar_is_refused(value: str) -> None:
    with pytest.raises(ValueRejected):
        MOMENT(value)
