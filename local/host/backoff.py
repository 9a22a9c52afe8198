"""How long a poller waits before it asks again."""

import random
from dataclasses import dataclass
from datetime import timedelta

# RandomizedExponentialBackoffStrategy of the WebJobs SDK: each wait is varied by up to a fifth.
_SPREAD = 0.2


@dataclass(slots=True)
class Backoff:
    """Starts at the shortest wait, doubles with every fruitless question, and stops at the longest."""

    shortest: timedelta
    longest: timedelta
    _fruitless: int = 0
    _is_longest: bool = False

    def reset(self) -> None:
        """Something was found: the next wait is the shortest again."""
        self._fruitless = 0
        self._is_longest = False

    def next(self) -> timedelta:
        """The wait after one more fruitless question."""
        if self._is_longest:
            return self.longest
        exponent = self._fruitless
        if exponent == 0:
            self._fruitless = 1
            return min(self.shortest, self.longest)
        spread = random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - spreads load, keeps no secret
        wait = self.shortest + self.shortest * (spread * 2.0 ** (exponent - 1))
        if wait >= self.longest:
            self._is_longest = True
            return self.longest
        self._fruitless += 1
        return wait
