"""Runs a queue function for every message of its queue, with the Functions host's rules for failures."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from local.host.backoff import Backoff
from local.host.function import Function
from local.host.invoke import InvocationFailedError, Invoker, expect_nothing
from local.host.lease import Lease
from local.host.messages import StoredMessage, UndecodableError, decode_message
from local.host.settings import SHORTEST_POLLING_INTERVAL, QueueSettings
from local.host.storage import MessageGoneError, StorageQueue, StorageUnavailableError

# QueueListener of the queues extension: how long a received message stays hidden unless it is renewed.
LEASE = timedelta(minutes=10)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a function's messages come from, and where they go when it cannot handle them."""

    queue: StorageQueue
    poison: StorageQueue | None
    address: str


class QueueListener:
    """Polls one queue and keeps up to batchSize + newBatchThreshold messages in work."""

    def __init__(
        self,
        function: Function,
        source: Source,
        settings: QueueSettings,
        *,
        invoker: Invoker,
        lease: timedelta = LEASE,
    ) -> None:
        """Nothing is asked before `run`."""
        self._function = function
        self._source = source
        self._settings = settings
        self._invoker = invoker
        self._lease = lease
        self._backoff = Backoff(SHORTEST_POLLING_INTERVAL, settings.longest_polling_interval)
        self._stopping = asyncio.Event()
        self._in_work: set[asyncio.Task[None]] = set()
        self._unavailable = False

    async def run(self) -> None:
        """Serves the queue until `stop`, then returns when the messages in work are done."""
        while not self._stopping.is_set():
            messages = await self._receive()
            for message in messages:
                self._begin(message)
            if messages:
                self._backoff.reset()
                await self._wait_for_room()
            else:
                await self._pause(self._backoff.next())
        if self._in_work:
            await asyncio.wait(self._in_work)

    def stop(self) -> None:
        """No further message is taken."""
        self._stopping.set()

    def _begin(self, message: StoredMessage) -> None:
        task = asyncio.create_task(self._handle(message))
        self._in_work.add(task)
        task.add_done_callback(self._in_work.discard)

    async def _receive(self) -> list[StoredMessage]:
        try:
            batch = await self._source.queue.receive(self._settings.batch_size, self._lease)
        except StorageUnavailableError as error:
            if not self._unavailable:
                logger.warning(
                    "%s waits: the storage at %s does not answer (%s); trying again until it does",
                    self._function.name,
                    self._source.address,
                    error,
                )
            self._unavailable = True
            return []
        if self._unavailable:
            logger.info(
                "%s goes on: the storage at %s answers again", self._function.name, self._source.address
            )
        self._unavailable = False
        return batch

    async def _wait_for_room(self) -> None:
        while len(self._in_work) > self._settings.new_batch_threshold and not self._stopping.is_set():
            await asyncio.wait(self._in_work, return_when=asyncio.FIRST_COMPLETED)

    async def _pause(self, duration: timedelta) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), duration.total_seconds())
        except TimeoutError:
            return

    async def _handle(self, message: StoredMessage) -> None:
        try:
            await self._process(message)
        except (StorageUnavailableError, MessageGoneError) as error:
            # The message comes back when its lease ends: at least once is all that a queue promises.
            logger.warning(
                "%s could not settle message %s in %s: %s",
                self._function.name,
                message.id,
                self._source.queue.name,
                error,
            )

    async def _process(self, message: StoredMessage) -> None:
        lease = Lease(message.id, message.pop_receipt)
        try:
            decoded = decode_message(message, base64_encoded=self._settings.base64)
        except UndecodableError as error:
            # QueueServiceClientProvider of the queues extension: such a message is set aside at once.
            await self._set_aside(message, lease, f"is not base64, as host.json wants it ({error})")
            return
        if message.dequeue_count > self._settings.max_dequeue_count:
            await self._set_aside(message, lease, "was delivered too often")
            return
        async with lease.renewed(self._renew, self._lease / 2):
            succeeded = await self._run(decoded)
        await self._settle(message, lease, succeeded=succeeded)

    async def _run(self, decoded: object) -> bool:
        try:
            await self._invoker.invoke(self._function, decoded, finish=expect_nothing)
        except InvocationFailedError:
            return False
        return True

    async def _renew(self, lease: Lease) -> str:
        return await self._source.queue.hide(lease.message_id, lease.pop_receipt, self._lease)

    async def _settle(self, message: StoredMessage, lease: Lease, *, succeeded: bool) -> None:
        queue = self._source.queue
        if succeeded:
            await queue.delete(lease.message_id, lease.pop_receipt)
        elif self._source.poison is None:
            # Without a poison queue the message stays hidden until its lease ends: no fast loop.
            return
        elif message.dequeue_count >= self._settings.max_dequeue_count:
            await self._set_aside(message, lease, "failed too often")
        else:
            await queue.hide(lease.message_id, lease.pop_receipt, self._settings.retry_delay)

    async def _set_aside(self, message: StoredMessage, lease: Lease, why: str) -> None:
        poison = self._source.poison
        if poison is None:
            return
        logger.warning(
            "message %s of %s %s: it goes to %s", message.id, self._source.queue.name, why, poison.name
        )
        await poison.put(message.content)
        await self._source.queue.delete(lease.message_id, lease.pop_receipt)
