"""What a client has used of an organization, and what the organization's last answer allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SHORT = 0.1
"""Of the most that was ever left."""

_NEWEST = 0.125
"""What the newest answer counts for in an average."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the last answer said; None where it said nothing. Another web server may say otherwise.

    `parallelism` is the recommended number of requests at a time; `time_left` the seconds of execution
    that are still granted, `most_time` the most that ever were. An answer `took` so long, on average of late.
    """

    parallelism: int | None = None
    requests_left: int | None = None
    time_left: float | None = None
    most_time: float = 0.0
    took: float = 0.0

    @property
    def is_short(self) -> bool:
        """Whether so little execution time is left that a request may be refused for want of it."""
        return self.time_left is not None and self.time_left < self.most_time * _SHORT

    @property
    def in_one_go(self) -> int | None:
        """How many requests may go without a look at what the first is answered; None: any number."""
        return 1 if self.is_short else self.requests_left

    def updated(self, headers: Mapping[str, str], seconds: float) -> "Allowance":
        """The allowance after an answer with these headers (names in lower case), which took so long."""
        hint = _number(headers.get("x-ms-dop-hint"))
        left = _number(headers.get("x-ms-ratelimit-burst-remaining-xrm-requests"))
        time = _number(headers.get("x-ms-ratelimit-time-remaining-xrm-requests"))
        return Allowance(
            self.parallelism if hint is None else int(hint),
            self.requests_left if left is None else int(left),
            self.time_left if time is None else time,
            max(self.most_time, time or 0.0),
            self.took + (seconds - self.took) * _NEWEST,
        )


@dataclass(slots=True)
class Usage:
    """Counts of one client since it was made, for metrics. `seconds` were spent waiting for answers.

    `allowance` is what the last answer allows.
    """

    requests: int = 0
    throttled: int = 0
    seconds: float = 0.0
    allowance: Allowance = field(default_factory=Allowance)


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").replace(",", ""))
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None
