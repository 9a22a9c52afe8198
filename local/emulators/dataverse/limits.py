"""Service protection: three limits for each user over a sliding window ("Service protection API limits")."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from local.emulators.dataverse import denials


@dataclass(slots=True)
class Limits:
    """The limits that are in force; None switches one off."""

    requests: int | None = 6000
    seconds: float | None = 1200.0
    concurrent: int | None = 52
    window: int = 300
    concurrency_retry_after: int = 5


@dataclass(slots=True)
class Usage:
    """What one user did within the window."""

    starts: deque[float] = field(default_factory=deque)
    work: deque[tuple[float, float]] = field(default_factory=deque)
    worked: float = 0.0
    running: int = 0
    refusals: int = 0


class Guard:
    """Counts the use of one organization and refuses what goes over its limits."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.limits = Limits()
        self._seconds = seconds
        self._users: dict[str, Usage] = {}

    def forget(self) -> None:
        """Starts counting anew; requests under way stay counted."""
        for usage in self._users.values():
            usage.starts.clear()
            usage.work.clear()
            usage.worked, usage.refusals = 0.0, 0

    def enter(self, user: str) -> None:
        """Admits a request of a user, who must `leave` it, or refuses it with 429."""
        usage = self._users.setdefault(user, Usage())
        self._forget_old(usage)
        try:
            self._check(usage)
        except Exception:
            usage.refusals += 1
            raise
        usage.refusals = 0
        usage.starts.append(self._seconds())
        usage.running += 1

    def leave(self, user: str, seconds: float) -> None:
        """Ends a request that took this long."""
        usage = self._users[user]
        usage.running -= 1
        usage.work.append((self._seconds(), seconds))
        usage.worked += seconds

    def headers(self, user: str) -> dict[str, str]:
        """What is left, as normal answers say it."""
        usage = self._users.get(user, Usage())
        found = {}
        if self.limits.requests is not None:
            left = max(0, self.limits.requests - len(usage.starts))
            found["x-ms-ratelimit-burst-remaining-xrm-requests"] = str(left)
        if self.limits.seconds is not None:
            found["x-ms-ratelimit-time-remaining-xrm-requests"] = (
                f"{max(0.0, self.limits.seconds - usage.worked):,.2f}"
            )
        return found

    def _check(self, usage: Usage) -> None:
        limits = self.limits
        if limits.concurrent is not None and usage.running >= limits.concurrent:
            raise denials.too_many_at_once(limits.concurrent, limits.concurrency_retry_after)
        if limits.requests is not None and len(usage.starts) >= limits.requests:
            oldest = usage.starts[0] if usage.starts else self._seconds()
            raise denials.too_many_requests(limits.requests, limits.window, self._wait(oldest, usage))
        if limits.seconds is not None and usage.worked >= limits.seconds:
            oldest = usage.work[0][0] if usage.work else self._seconds()
            raise denials.too_much_time(limits.seconds, limits.window, self._wait(oldest, usage))

    def _wait(self, oldest: float, usage: Usage) -> int:
        """Seconds until the oldest entry leaves the window; each further try makes it a second longer."""
        left = math.ceil(oldest + self.limits.window - self._seconds())
        return min(self.limits.window, max(1, left) + usage.refusals)

    def _forget_old(self, usage: Usage) -> None:
        start = self._seconds() - self.limits.window
        while usage.starts and usage.starts[0] <= start:
            usage.starts.popleft()
        while usage.work and usage.work[0][0] <= start:
            usage.worked = max(0.0, usage.worked - usage.work.popleft()[1])
