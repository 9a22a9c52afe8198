from datetime import datetime, timedelta

import pytest

from local.host.schedule import parse_schedule

START = datetime(2026, 11, 24, 10, 20, 30)  # noqa: DTZ001 - a Tuesday; time zones play no part


def times(schedule: str, count: int = 1) -> list[str]:
    found, moment = [], START
    for _ in range(count):
        moment = parse_schedule(schedule).next(moment)
        found.append(f"{moment:%Y-%m-%d %H:%M:%S}")
    return found


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("* * * * * *", ["2026-11-24 10:20:31", "2026-11-24 10:20:32"]),
        ("0 */5 * * * *", ["2026-11-24 10:25:00", "2026-11-24 10:30:00"]),
        ("*/5 * * * *", ["2026-11-24 10:25:00", "2026-11-24 10:30:00"]),
        ("30 20 10 * * *", ["2026-11-25 10:20:30", "2026-11-26 10:20:30"]),
        ("0 0 9-17/4 * * mon-fri", ["2026-11-24 13:00:00", "2026-11-24 17:00:00", "2026-11-25 09:00:00"]),
        ("0 30 23 31 * *", ["2026-12-31 23:30:00", "2027-01-31 23:30:00", "2027-03-31 23:30:00"]),
        ("0 0 0 29 2 *", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        ("0 0 12 13 * fri", ["2027-08-13 12:00:00"]),
        ("0 0 0 1 January,jul *", ["2027-01-01 00:00:00", "2027-07-01 00:00:00"]),
        ("10/20 * * * * *", ["2026-11-24 10:20:50", "2026-11-24 10:21:10"]),
        ("00:10:00", ["2026-11-24 10:30:30", "2026-11-24 10:40:30"]),
    ],
)
def test_schedule_comes_round_at(schedule: str, expected: list[str]) -> None:
    assert times(schedule, len(expected)) == expected


@pytest.mark.parametrize(
    ("schedule", "complaint"),
    [
        ("* * *", "has 3 fields"),
        ("60 * * * * *", "'60' is not one of 0 to 59"),
        ("* * * * 0 *", "'0' is not one of 1 to 12"),
        ("* * * * * 7", "'7' is not one of 0 to 6"),
        ("*/0 * * * * *", "must be at least 1"),
        ("? * * * * *", "'?' is no part of a schedule"),
        ("0 0 0 31 4 *", "never comes"),
    ],
)
def test_schedule_that_means_nothing_is_refused(schedule: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("?", r"\?")):
        parse_schedule(schedule)


def test_next_time_is_always_later() -> None:
    moment = START + timedelta(microseconds=999_999)
    assert parse_schedule("* * * * * *").next(moment) > moment
