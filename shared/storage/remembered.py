"""The last few things that this process read or wrote, by their keys."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """At most so many; whatever was put longest ago is forgotten first. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, thing: T) -> None:
        """Remembers it, in place of what was remembered under that name."""
        with self._lock:
            self._kept[name] = thing
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def get(self, name: str) -> T | None:
        """What is remembered under that name, if anything is."""
        return self._kept.get(name)

    def take(self, name: str) -> T | None:
        """The same, and forgets it."""
        with self._lock:
            return self._kept.pop(name, None)
