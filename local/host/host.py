"""Puts the app's functions behind their triggers, and takes them down again in order."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from local.host.account import StorageAccount, open_account
from local.host.admin import Admin
from local.host.function import Function, HttpTrigger, QueueTrigger, TimerTrigger
from local.host.http import HttpHost
from local.host.invoke import InvocationFailedError, Invoker, expect_nothing
from local.host.messages import message_by_hand
from local.host.monitor import Monitor, open_monitors
from local.host.queues import LEASE, QueueListener, Source
from local.host.routes import compile_routes
from local.host.schedule import Schedule, parse_schedule
from local.host.settings import HostSettings, StartError
from local.host.timers import Timer, utc_now

# Calls to storage for timers that run at the same time.
_IO_THREADS = 2

# "Timer trigger for Azure Functions", useMonitor: schedules shorter than a minute are not monitored.
_SHORTEST_MONITORED = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class Host:
    """The running app: `http` is its ASGI application, `run` serves its queues and timers."""

    def __init__(
        self, functions: Sequence[Function], settings: HostSettings, *, lease: timedelta = LEASE
    ) -> None:
        """Reads every trigger and raises StartError for what is wrong with one; contacts nothing."""
        self._settings = settings
        self._lease = lease
        self._pool = ThreadPoolExecutor(settings.threads, "function")
        self._io_pool = ThreadPoolExecutor(_IO_THREADS, "storage")
        self._invoker = Invoker(self._pool)
        self._stopping = asyncio.Event()
        self._background: set[asyncio.Task[None]] = set()
        self._accounts: list[StorageAccount] = []
        self._listeners = [
            self._listener(function, function.trigger)
            for function in functions
            if isinstance(function.trigger, QueueTrigger)
        ]
        self._timers = {
            function.name: self._timer(function, function.trigger)
            for function in functions
            if isinstance(function.trigger, TimerTrigger)
        }
        self.http = HttpHost(
            compile_routes(functions),
            settings.route_prefix,
            invoker=self._invoker,
            body_limit=settings.body_limit,
            admin=Admin(functions, settings.extension_bundle, self._start_by_hand),
        )

    async def run(self) -> None:
        """Serves queues and timers until `stop`, then returns when what runs is done."""
        await asyncio.gather(self._stopping.wait(), *(source.run() for source in self._sources()))
        if self._background:
            await asyncio.wait(self._background)

    def stop(self) -> None:
        """Nothing further is begun by queues and timers."""
        self._stopping.set()
        for source in self._sources():
            source.stop()

    def _sources(self) -> list[QueueListener | Timer]:
        return [*self._listeners, *self._timers.values()]

    def close(self) -> None:
        """Gives up threads and connections without waiting for them."""
        for account in self._accounts:
            account.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._io_pool.shutdown(wait=False, cancel_futures=True)

    def _listener(self, function: Function, trigger: QueueTrigger) -> QueueListener:
        where = f"function {function.name}"
        account = open_account(trigger.connection, self._settings.environment, where)
        self._accounts.append(account)
        return QueueListener(
            function,
            Source(account.queue(trigger.queue, where), account.poison_queue(trigger.queue), account.address),
            self._settings.queues,
            invoker=self._invoker,
            lease=self._lease,
        )

    def _timer(self, function: Function, trigger: TimerTrigger) -> Timer:
        try:
            schedule = parse_schedule(trigger.schedule)
        except ValueError as error:
            raise StartError(f"the timer of function {function.name}: {error}") from error
        return Timer(
            function,
            schedule,
            invoker=self._invoker,
            run_on_startup=trigger.run_on_startup,
            monitor=self._monitor(function, trigger, schedule),
        )

    def _monitor(self, function: Function, trigger: TimerTrigger, schedule: Schedule) -> Monitor | None:
        first = schedule.next(utc_now())
        if not trigger.use_monitor or schedule.next(first) - first < _SHORTEST_MONITORED:
            return None
        container = open_monitors(self._settings.environment)
        return Monitor(container, function.name, self._io_pool) if container else None

    def _start_by_hand(self, function: Function, text: str) -> None:
        match function.trigger:
            case TimerTrigger():
                self._begin(self._timers[function.name].fire(past_due=False))
            case QueueTrigger():
                self._begin(self._run_message(function, text))
            case HttpTrigger():
                raise AssertionError("HTTP functions are called by their own address")

    async def _run_message(self, function: Function, text: str) -> None:
        try:
            await self._invoker.invoke(function, message_by_hand(text), finish=expect_nothing)
        except InvocationFailedError:
            return

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
