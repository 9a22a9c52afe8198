"""Runs a timer function at the times of its schedule, never twice at once."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import azure.functions as func
from azure.functions.meta import Datum

from local.host.function import Function
from local.host.invoke import InvocationFailedError, Invoker, expect_nothing
from local.host.monitor import Monitor, Occurrence
from local.host.schedule import Schedule

Clock = Callable[[], datetime]

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The time now, in UTC: schedules are read in UTC, as in Azure."""
    return datetime.now(UTC)


class Timer:
    """One timer function with its schedule."""

    def __init__(
        self,
        function: Function,
        schedule: Schedule,
        *,
        invoker: Invoker,
        run_on_startup: bool = False,
        monitor: Monitor | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Nothing runs before `run`; without a monitor, runs missed while the host was down stay missed."""
        self._function = function
        self._schedule = schedule
        self._invoker = invoker
        self._run_on_startup = run_on_startup
        self._monitor = monitor
        self._clock = clock
        self._lock = asyncio.Lock()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Keeps the schedule until `stop`; a run in progress is ended first."""
        started = self._clock()
        if await self._missed(started):
            await self.fire(past_due=True)
        elif self._run_on_startup:
            await self.fire(past_due=False)
        due = await self._next(started)
        while not await self._stopped_before(due):
            started = max(self._clock(), due)
            await self.fire(past_due=False)
            # TimerListener of the WebJobs extensions: counted from the start of the run, so that one
            # occurrence that the run overlapped follows at once.
            due = await self._next(started)

    async def fire(self, *, past_due: bool) -> None:
        """One run, after the one in progress if there is one."""
        async with self._lock:
            if self._stopping.is_set():
                return
            try:
                request = _timer_request(past_due=past_due)
                await self._invoker.invoke(self._function, request, finish=expect_nothing)
            except InvocationFailedError:
                return

    def stop(self) -> None:
        """No further run is begun."""
        self._stopping.set()

    async def _missed(self, now: datetime) -> bool:
        known = await self._monitor.read() if self._monitor else None
        # A schedule that was changed in the meantime has missed nothing.
        return known is not None and known.next == self._schedule.next(known.last) and known.next < now

    async def _next(self, started: datetime) -> datetime:
        due = self._schedule.next(started)
        if self._monitor:
            await self._monitor.write(Occurrence(started, due))
        return due

    async def _stopped_before(self, due: datetime) -> bool:
        seconds = max(0.0, (due - self._clock()).total_seconds())
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True


def _timer_request(*, past_due: bool) -> Any:
    converter = func.get_binding_registry().get("timerTrigger")
    return converter.decode(Datum(json.dumps({"IsPastDue": past_due}), "json"), trigger_metadata={})
