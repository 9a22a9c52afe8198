"""Dates as vendors write them, as Dataverse takes them."""

from datetime import UTC, date, datetime

# Dataverse's earliest date ("Behavior and format of the date and time column").
_EARLIEST_YEAR = 1753
_AMERICAN = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%m/%d/%Y")


def to_dataverse_date(text: str) -> str | None:
    """`YYYY-MM-DD`, or None when the text is no date that Dataverse can hold."""
    moment = _parse(text)
    return None if moment is None else moment.date().isoformat()


def to_dataverse_time(text: str) -> str | None:
    """`YYYY-MM-DDThh:mm:ssZ`, or None. A date without a time is its midnight in UTC."""
    moment = _parse(text)
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(text: str) -> datetime | None:
    moment = _iso(text) or _american(text)
    if moment is None or moment.year < _EARLIEST_YEAR:
        return None
    return moment


def _iso(text: str) -> datetime | None:
    try:
        if len(text) == len("2026-01-31"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _american(text: str) -> datetime | None:
    for pattern in _AMERICAN:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
