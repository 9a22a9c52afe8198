"""The emulator's time, which tests may move."""

import time
from datetime import UTC, datetime


class Clock:
    """Real time plus an offset in seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.offset

    def now(self) -> datetime:
        """The moment in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)
