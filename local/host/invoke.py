"""Runs one function once: synchronous ones in the thread pool, asynchronous ones on the event loop."""

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar

import azure.functions as func

from local.host.function import Function

logger = logging.getLogger(__name__)

T = TypeVar("T")
_this_thread = threading.local()


class InvocationFailedError(Exception):
    """The function raised, or gave something that its bindings cannot take; it is in the log already."""


class Context(func.Context):
    """What a function learns of its invocation, when it asks for a `context`."""

    def __init__(self, function: Function, invocation_id: str, trace_parent: str) -> None:
        """The context of the first and only try: retry policies are no part of this host."""
        self._function = function
        self._invocation_id = invocation_id
        self._trace = SimpleNamespace(trace_parent=trace_parent, trace_state="", attributes={})

    @property
    def invocation_id(self) -> str:
        """The id that the log line of this invocation carries."""
        return self._invocation_id

    @property
    def thread_local_storage(self) -> Any:
        """Holds `invocation_id` on the thread that runs the function."""
        return _this_thread

    @property
    def function_name(self) -> str:
        """The name under which the function is indexed."""
        return self._function.name

    @property
    def function_directory(self) -> str:
        """The folder of the file that defines the function."""
        return str(self._function.directory)

    @property
    def trace_context(self) -> Any:
        """The caller's W3C trace parent, where it sent one."""
        return self._trace

    @property
    def retry_context(self) -> Any:
        """Always the first try."""
        return SimpleNamespace(retry_count=0, max_retry_count=0, exception=None)


@dataclass(frozen=True, slots=True)
class Invoker:
    """The worker: one thread pool for every function of the app."""

    pool: ThreadPoolExecutor

    async def invoke(
        self,
        function: Function,
        value: object,
        *,
        finish: Callable[[object], T],
        trace_parent: str = "",
    ) -> T:
        """What `finish` makes of the function's result; InvocationFailedError where either of them raised."""
        invocation_id = str(uuid.uuid4())
        started = time.perf_counter()
        arguments: dict[str, object] = {function.parameter: value}
        if function.wants_context:
            arguments["context"] = Context(function, invocation_id, trace_parent)
        try:
            finished = finish(await self._run(function, invocation_id, arguments))
        except Exception as error:
            logger.exception("%s %s failed %.1f ms", function.name, invocation_id, _since(started))
            raise InvocationFailedError(function.name) from error
        logger.info("%s %s ok %.1f ms", function.name, invocation_id, _since(started))
        return finished

    async def _run(self, function: Function, invocation_id: str, arguments: dict[str, object]) -> object:
        if function.is_async:
            _this_thread.invocation_id = invocation_id
            return await function.call(**arguments)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, _run_here, function, invocation_id, arguments)


def expect_nothing(result: object) -> None:
    """The worker's rule for functions without a `$return` binding."""
    if result is not None:
        raise TypeError("the function returned a value, but it has no $return binding")


def _run_here(function: Function, invocation_id: str, arguments: dict[str, object]) -> object:
    _this_thread.invocation_id = invocation_id
    try:
        return function.call(**arguments)
    finally:
        _this_thread.invocation_id = None


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
