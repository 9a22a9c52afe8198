"""Keeps a message hidden from other instances while its function runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from local.host.storage import MessageGoneError, StorageUnavailableError

# QueueListener of the queues extension: after a failed renewal, the soonest time to try again.
_SOONEST_RENEWAL = timedelta(minutes=1)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Lease:
    """A received message with the pop receipt that is valid now."""

    message_id: str
    pop_receipt: str

    @asynccontextmanager
    async def renewed(
        self, renew: Callable[["Lease"], Awaitable[str]], interval: timedelta
    ) -> AsyncIterator[None]:
        """Calls `renew` for a new pop receipt every `interval`, for as long as the block lasts."""
        ended = asyncio.Event()
        renewing = asyncio.create_task(self._keep(renew, interval, ended))
        try:
            yield
        finally:
            ended.set()
            await renewing

    async def _keep(
        self, renew: Callable[["Lease"], Awaitable[str]], interval: timedelta, ended: asyncio.Event
    ) -> None:
        wait = interval
        while not await _happens(ended, wait):
            try:
                self.pop_receipt = await renew(self)
                wait = interval
            except MessageGoneError:
                logger.warning(
                    "message %s was taken by somebody else while its function ran", self.message_id
                )
                return
            except StorageUnavailableError:
                wait = min(_SOONEST_RENEWAL, wait / 2)


async def _happens(event: asyncio.Event, within: timedelta) -> bool:
    try:
        await asyncio.wait_for(event.wait(), within.total_seconds())
    except TimeoutError:
        return False
    return True
