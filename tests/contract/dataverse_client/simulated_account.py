"""A storage account in memory whose every call is a step at which the worker may fail or die."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from shared.domain.errors import Transient
from shared.storage.blob import Content
from tests.fakes import MemoryContainer, MemoryTable


class Killed(BaseException):
    """The process has died: nothing that it would have done after this happens."""


class Fate(StrEnum):
    """What befalls a step."""

    KILL = "kill"  # the process dies before it
    FAIL = "fail"  # it is not done, and an error says so
    LOSE = "lose"  # it is done, and its answer is lost
    SLEEP = "sleep"  # before it the worker sleeps for so long that others do all the rest
    OVERSLEEP = "oversleep"  # the same, and then the step fails


@dataclass
class Steps:
    """Counts the steps of workers, names them, and lets fate strike at their numbers."""

    fates: dict[int, Fate] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    sleep: Callable[[], None] = lambda: None

    def take(self, name: str, work: Callable[[], Any]) -> Any:
        """The result of a step that is spared."""
        self.names.append(name)
        match self.fates.get(len(self.names)):
            case Fate.KILL:
                raise Killed(name)
            case Fate.FAIL:
                raise _no_answer(name)
            case Fate.LOSE:
                work()
                raise _no_answer(name)
            case Fate.SLEEP:
                self.sleep()
            case Fate.OVERSLEEP:
                self.sleep()
                raise _no_answer(name)
        return work()


def _no_answer(name: str) -> Transient:
    return Transient("storageUnavailable", "The storage does not answer. Try again.", detail=name)


class Stepped:
    """A table or container, each of whose calls is a step; what a call lists is listed in one step."""

    def __init__(self, name: str, kept: Any, steps: Steps) -> None:
        self._about = name, kept, steps

    def __getattr__(self, called: str) -> Any:
        name, kept, steps = self._about
        member = getattr(kept, called)

        def step(*given: Any, **named: Any) -> Any:
            def work() -> Any:
                result = member(*given, **named)
                if isinstance(result, Content):
                    return replace(result, chunks=iter(list(result.chunks)))
                return iter(list(result)) if isinstance(result, Iterator) else result

            return steps.take(f"{called} {name}", work)

        return step


@dataclass(frozen=True)
class Message:
    """A message that waits. `due` in seconds of the simulation."""

    queue: str
    wire: Mapping[str, Any]
    due: float
    deliveries: int = 0


@dataclass
class Account:
    """What outlives every process: rows, blobs, messages."""

    steps: Steps = field(default_factory=Steps)
    messages: list[Message] = field(default_factory=list)
    seconds: float = 0.0
    sent: int = 0
    copies: Callable[[], int] = lambda: 1
    _tables: dict[str, MemoryTable] = field(default_factory=dict)
    _container: MemoryContainer = field(default_factory=MemoryContainer)

    def table(self, name: str) -> Any:
        """A table as a worker sees it."""
        return Stepped(name, self._tables.setdefault(name, MemoryTable(name)), self.steps)

    def container(self) -> Any:
        """The container as a worker sees it."""
        return Stepped("blob", self._container, self.steps)

    def queue(self, name: str) -> "Queue":
        """A queue as a worker sees it."""
        return Queue(name, self)


@dataclass(frozen=True)
class Queue:
    """Takes messages; each may come more than once, as `copies` says."""

    name: str
    account: Account

    def send(self, message: Mapping[str, Any], delay: timedelta = timedelta()) -> None:
        def work() -> None:
            due = self.account.seconds + delay.total_seconds()
            for _ in range(self.account.copies()):
                self.account.sent += 1
                self.account.messages.append(Message(self.name, dict(message), due))

        self.account.steps.take(f"send {self.name}", work)
