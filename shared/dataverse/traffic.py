"""What a client has used of an organization, and what the organization's last answer allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the last answer said; None where it said nothing. Another web server may say otherwise.

    `parallelism` is the recommended number of requests at a time.
    """

    parallelism: int | None = None
    requests_left: int | None = None

    def updated(self, headers: Mapping[str, str]) -> "Allowance":
        """The allowance after an answer with these headers (names in lower case)."""
        hint = _number(headers.get("x-ms-dop-hint"))
        left = _number(headers.get("x-ms-ratelimit-burst-remaining-xrm-requests"))
        return Allowance(
            self.parallelism if hint is None else int(hint),
            self.requests_left if left is None else int(left),
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
