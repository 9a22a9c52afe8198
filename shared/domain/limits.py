"""How much a tenant and a user may ask of the service."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed: requests in a minute (of one process), exports under way, records in a day (UTC)."""

    requests_per_minute: int = 6000
    user_requests_per_minute: int = 1200
    running_exports: int = 200
    user_running_exports: int = 50
    records_per_day: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """A limit and what is left of it."""

    limit: int
    left: int


def seconds_to_midnight(now: datetime) -> float:
    """Until the next day begins, in the time zone of `now`."""
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - now).total_seconds()
