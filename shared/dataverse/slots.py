"""How many requests of one account are under way in this process, and how many more could be."""

from threading import BoundedSemaphore, Lock


class Slots:
    """A gate that at most so many pass at a time, in the order in which they came to it."""

    def __init__(self, most: int) -> None:
        """Every slot is free."""
        self._most = most
        self._gate = BoundedSemaphore(most)
        self._lock = Lock()
        self._wanted = 0

    def __enter__(self) -> None:
        self._count(1)
        self._gate.acquire()

    def __exit__(self, *_: object) -> None:
        self._gate.release()
        self._count(-1)

    def spare(self, most: int | None = None) -> int:
        """The slots that nobody has or waits for, where there are `most` (None: all) of them."""
        return max(0, min(most or self._most, self._most) - self._wanted)

    def _count(self, more: int) -> None:
        with self._lock:
            self._wanted += more
