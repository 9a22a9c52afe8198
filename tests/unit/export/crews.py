"""Crews of a cutter for tests, in one thread."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Self

from functions.export.crew import Crew, GoOn, Threads
from shared.domain.exports import Export
from shared.domain.progress import Taken


def nobody(go_on: GoOn, _: Callable[[], bool], until: datetime | None) -> AbstractContextManager[Crew]:
    """Every lane is sent for."""
    return Threads(go_on, lambda: False, until)


class Later:
    """Lanes begin when all is cut, one after another, and never where the cutter has died."""

    def __init__(self, go_on: GoOn, has_room: Callable[[], bool], until: datetime | None) -> None:
        self._go_on = go_on
        self._until = until
        self._waiting: list[tuple[Export, Taken]] = []
        self.has_room = has_room

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, Exception):
            for export, taken in self._waiting:
                self._go_on(export, taken, self._until)

    def begin(self, export: Export, taken: Taken) -> None:
        self._waiting.append((export, taken))
