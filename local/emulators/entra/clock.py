"""What time the emulator says it is."""

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """The machine's time, moved by an offset that tests set to let codes and tokens expire."""

    offset: float = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.offset
