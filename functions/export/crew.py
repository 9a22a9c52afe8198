"""The lanes that begin in the process that cuts their export, each in a thread of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from contextvars import copy_context
from datetime import datetime
from threading import Thread
from typing import Protocol, Self

from shared.domain.exports import Export
from shared.domain.progress import Taken

GoOn = Callable[[Export, Taken, datetime | None], None]
"""Writes a chunk that is in hand, and those after it."""


class Crew(Protocol):
    """Takes lanes in hand while the cutter goes on cutting."""

    def has_room(self) -> bool:
        """Whether one more lane may begin here; else it is sent for through its queue."""
        ...

    def begin(self, export: Export, taken: Taken) -> None:
        """Lets the lane begin with a chunk that is held for it."""
        ...


CrewOf = Callable[[GoOn, Callable[[], bool], datetime | None], AbstractContextManager[Crew]]
"""A crew that goes on so, while there is room, at most until then."""


class Threads:
    """A thread for each lane; whoever leaves the block waits until all of them are done."""

    def __init__(self, go_on: GoOn, has_room: Callable[[], bool], until: datetime | None) -> None:
        self._go_on = go_on
        self._has_room = has_room
        self._until = until
        self._begun = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._begun.close()

    def has_room(self) -> bool:
        """See Crew."""
        return self._has_room()

    def begin(self, export: Export, taken: Taken) -> None:
        """See Crew. The lane's events have the context of the cutter's."""
        context = copy_context()
        thread = Thread(
            target=context.run, args=(self._go_on, export, taken, self._until), name=f"lane-{taken.lane}"
        )
        thread.start()
        self._begun.callback(thread.join)
