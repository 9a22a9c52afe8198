"""Dates as vendors write them, as Dataverse takes them."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache

ReadDate = Callable[[str], datetime | None]

# Dataverse's earliest date ("Behavior and format of the date and time column").
_EARLIEST_YEAR = 1753
_AMERICAN = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\s+([0-9]{1,2}):([0-9]{1,2})(?:\s+([AP])M)?)?", re.IGNORECASE
)
_TOKENS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{1,2})",
}
_TOKEN = re.compile("|".join(_TOKENS))
_NOON = 12
_LONGEST_FORMAT = 40
_AS_DATAVERSE_WRITES = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def to_dataverse_date(text: str, own_format: ReadDate | None = None) -> str | None:
    """`YYYY-MM-DD` as written, whatever the time zone; None when it is no date that Dataverse can hold."""
    moment = _parse(text, own_format)
    return None if moment is None or moment.year < _EARLIEST_YEAR else moment.date().isoformat()


def to_dataverse_time(text: str, own_format: ReadDate | None = None) -> str | None:
    """`YYYY-MM-DDThh:mm:ssZ`, or None. A date without a time is its midnight in UTC."""
    if own_format is None and _AS_DATAVERSE_WRITES.fullmatch(text):
        moment = _iso(text)
        return None if moment is None or moment.year < _EARLIEST_YEAR else text
    moment = _parse(text, own_format)
    if moment is None:
        return None
    if moment.tzinfo is not UTC:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            return None
    return None if moment.year < _EARLIEST_YEAR else f"{moment.isoformat()[:19]}Z"


@cache
def date_format(pattern: str) -> ReadDate:
    """Reads dates written as in `DD.MM.YYYY HH:mm`. ValueError says what is wrong with the pattern."""
    rest = _TOKEN.sub("", pattern)
    seen = Counter(_TOKEN.findall(pattern))
    if len(pattern) > _LONGEST_FORMAT or any(letter.isalnum() and letter != "T" for letter in rest):
        raise ValueError("a date format is made of YYYY, MM, DD, HH, mm and signs between them")
    if any(seen[token] != 1 for token in ("YYYY", "MM", "DD")):
        raise ValueError("a date format needs YYYY, MM and DD, each once")
    if seen["HH"] != seen["mm"] or seen["HH"] > 1:
        raise ValueError("a date format with a time needs HH and mm, each once")
    expression = re.compile(
        "".join(_TOKENS.get(part, re.escape(part)) for part in re.split(f"({_TOKEN.pattern})", pattern)),
    )

    def read(text: str) -> datetime | None:
        found = expression.fullmatch(text)
        if found is None:
            return None
        try:
            return datetime(**{name: int(number) for name, number in found.groupdict().items()}, tzinfo=UTC)
        except ValueError:
            return None

    return read


def _parse(text: str, own_format: ReadDate | None) -> datetime | None:
    if own_format is None:
        return _iso(text) or _american(text)
    # The row says in which order its days and months stand, so that only ISO is tried beside it.
    return own_format(text) or _iso(text)


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
    """`1/31/2026`, with `13:05` or `1:05 PM` behind it where there is a time."""
    found = _AMERICAN.fullmatch(text)
    if found is None:
        return None
    month, day, year, hour, minute, half = found.groups(default="0")
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
    except ValueError:
        return None
    if half == "0":
        return moment
    if not 1 <= moment.hour <= _NOON:
        return None
    return moment.replace(hour=moment.hour % _NOON + (0 if half in "aA" else _NOON))
