"""An event loop beside the test: Playwright keeps one in the thread of the tests, where no other may run."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_PATIENCE = 60  # seconds


@contextmanager
def loop_beside(name: str) -> Iterator[asyncio.AbstractEventLoop]:
    """The loop, in a thread of this name, while the block lasts."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def result_of(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T]) -> T:
    """What the coroutine gives, run in that loop."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(_PATIENCE)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What asyncio.run gives, which a test of this suite cannot call."""
    with loop_beside("one coroutine") as loop:
        return result_of(loop, coroutine)
