"""Requests per minute: a bucket of tokens for each tenant and each user, in each process of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from functions.identity import Caller
from shared.domain.errors import Throttled
from shared.domain.limits import Allowance, Limits

_MOST_BUCKETS = 20_000
_MINUTE = 60.0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RequestRates:
    """Lets requests pass while their tenant's and their user's buckets have tokens; both refill steadily."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = monotonic
        self._buckets: dict[tuple[str, ...], _Bucket] = {}
        self._lock = Lock()

    def take(self, caller: Caller) -> None:
        """Takes a token of each bucket; Throttled, and none taken, where one is empty."""
        with self._lock:
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.clear()
            buckets = [(self._filled(place, limit), limit) for place, limit in self._places(caller)]
            wait = max((1 - bucket.tokens) * _MINUTE / limit for bucket, limit in buckets)
            if wait > 0:
                raise Throttled(
                    "requestsThrottled", "Too many requests in a minute. Wait, then go on.", retry_after=wait
                )
            for bucket, _ in buckets:
                bucket.tokens -= 1

    def left(self, caller: Caller) -> tuple[Allowance, Allowance]:
        """What the tenant and the user have left in this minute, in this process."""
        with self._lock:
            tenant, user = (
                Allowance(limit, int(self._filled(place, limit).tokens))
                for place, limit in self._places(caller)
            )
        return tenant, user

    def _places(self, caller: Caller) -> tuple[tuple[tuple[str, ...], int], ...]:
        return (
            ((caller.tenant,), self._limits.requests_per_minute),
            ((caller.tenant, caller.user), self._limits.user_requests_per_minute),
        )

    def _filled(self, place: tuple[str, ...], limit: int) -> _Bucket:
        now = self._now()
        bucket = self._buckets.setdefault(place, _Bucket(limit, now))
        bucket.tokens = min(limit, bucket.tokens + (now - bucket.at) * limit / _MINUTE)
        bucket.at = now
        return bucket
