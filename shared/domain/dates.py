"""Dates as vendors write them, as Dataverse takes them."""

from datetime import UTC, date, datetime

# Dataverse's earliest date ("Behavior and format of the date and time column").
_EARLIEST_YEAR = 1753
_AMERICAN = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%m/%d/%Y")


def to_dataverse_date(text: str) -> str | None:
    """`YYYY-MM-DD` as written, whatever the time zone; None when it is no date that Dataverse can hold."""
    moment = _parse(text)
    return None if moment is None or moment.year < _EARLIEST_YEAR else moment.date().isoformat()


def to_dataverse_time(text: str) -> str | None:
    """`YYYY-MM-DDThh:mm:ssZ`, or None. A date without a time is its midnight in UTC."""
    moment = _parse(text)
    try:
        in_utc = None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return None
    return None if in_utc is None or in_utc.year < _EARLIEST_YEAR else in_utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(text: str) -> datetime | None:
    return _iso(text) or _american(text)


def _iso(text: str) -> datetime | None:
    try:
        if len(text) == len("2026-01-31"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    except ValueError:
        return None


def _american(text: str) -> datetime | None:
    for pattern in _AMERICAN:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
