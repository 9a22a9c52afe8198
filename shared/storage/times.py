"""Times as they are kept: ISO 8601 text in UTC."""

from datetime import UTC, datetime


def to_text(moment: datetime | None) -> str | None:
    """The moment with milliseconds and a Z, None for none."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str | None) -> datetime | None:
    """The moment of a kept text, aware in UTC."""
    return None if not text else datetime.fromisoformat(text)


def required(text: str) -> datetime:
    """The moment of a kept text that is never missing; ValueError where it is."""
    moment = from_text(text)
    if moment is None:
        raise ValueError("a row has no time where one has to be")
    return moment
