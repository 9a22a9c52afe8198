"""A door in front of the storage account: passes requests on one by one, or lets them come to grief."""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.door_orders import DoorOrder, DoorScript, Trouble
from tests.chaos.wire import Message, read_answer, read_request
from tests.loops import loop_beside, result_of

_LOOPBACK = "127.0.0.1"
_AT_ONCE = 1024 * 1024
_QUEUE_MESSAGE = re.compile(rb"<QueueMessage>.*?</QueueMessage>", re.DOTALL)
_REFUSED = b"<?xml version='1.0' encoding='utf-8'?><Error><Code>%b</Code><Message>ordered</Message></Error>"


@dataclass(slots=True)
class Door:
    """Whether requests are let through at all: not while the storage account is being restarted."""

    open: bool = True
    connections: set[asyncio.StreamWriter] = field(default_factory=set)
    late: set[asyncio.Future[Message | None]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    port: int
    script: DoorScript
    door: Door

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._converse, _LOOPBACK, 0, limit=_AT_ONCE)

    async def _converse(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            while self.door.open and (request := await read_request(client)) is not None:
                answer = await self._answer(request, self.script.take(self.name, request))
                if answer is None:
                    break
                back.write(answer.to_bytes())
                await back.drain()
        except OSError:
            return  # the client is gone
        finally:
            back.close()

    async def _answer(self, request: Message, order: DoorOrder | None) -> Message | None:
        trouble = order.trouble if order else None
        if trouble is Trouble.DROPPED:
            return None
        if trouble is Trouble.BUSY:
            return _refusal(b"503 Service Unavailable", b"ServerBusy")
        if order and trouble is Trouble.SLOW:
            await asyncio.sleep(order.seconds)
        answer = await self._pass_on(request)
        if order and trouble in {Trouble.TWICE, Trouble.LATE_COPY}:
            await self._again(request, order)
        return _spoilt(answer, trouble)

    async def _again(self, request: Message, order: DoorOrder) -> None:
        if order.trouble is Trouble.TWICE:
            await self._pass_on(request)
        else:
            asyncio.get_running_loop().call_later(order.seconds, self._later, request)

    def _later(self, request: Message) -> None:
        late = asyncio.ensure_future(self._pass_on(request))
        self.door.late.add(late)
        late.add_done_callback(self.door.late.discard)

    async def _pass_on(self, request: Message) -> Message | None:
        """The answer; None where the account does not give one."""
        if not self.door.open:
            return None
        try:
            server, forth = await asyncio.open_connection(_LOOPBACK, self.port, limit=_AT_ONCE)
        except OSError:
            return None
        self.door.connections.add(forth)
        try:
            forth.write(request.to_bytes())
            await forth.drain()
            return await read_answer(server, to=request.method)
        except OSError:
            return None
        finally:
            self.door.connections.discard(forth)
            forth.close()


def _refusal(status: bytes, code: bytes) -> Message:
    headers = ((b"Content-Type", b"application/xml"), (b"x-ms-error-code", code))
    return Message(b"HTTP/1.1 " + status, headers, _REFUSED % code)


def _spoilt(answer: Message | None, trouble: Trouble | None) -> Message | None:
    if answer is None or trouble is Trouble.LOST_REPLY:
        return None
    if trouble is Trouble.FAILED_AFTER:
        return _refusal(b"500 Internal Server Error", b"InternalError")
    if trouble is Trouble.REVERSED:
        found = _QUEUE_MESSAGE.findall(answer.body)
        again = iter(reversed(found))
        return answer.with_body(_QUEUE_MESSAGE.sub(lambda _: next(again), answer.body))
    return answer


class OpenDoor:
    """The door from the outside. `ports`: where each service is reached through it."""

    def __init__(self, ports: Mapping[str, int], door: Door, loop: asyncio.AbstractEventLoop) -> None:
        self.ports = dict(ports)
        self._door = door
        self._loop = loop

    def shut(self) -> None:
        """Lets nothing through any more and ends what is on its way."""
        self._door.open = False
        result_of(self._loop, self._cut())

    def reopen(self) -> None:
        """Lets requests through again."""
        self._door.open = True

    async def _cut(self) -> None:
        for connection in tuple(self._door.connections):
            connection.transport.abort()


@contextmanager
def door_before(servers: Mapping[str, int], script: DoorScript) -> Iterator[OpenDoor]:
    """A door for each server (name to loopback port), while the block lasts."""
    door = Door()
    services = [_Service(name, port, script, door) for name, port in servers.items()]
    with loop_beside("door") as loop:
        listening = [result_of(loop, service.serve()) for service in services]
        ports = {
            service.name: int(server.sockets[0].getsockname()[1])
            for service, server in zip(services, listening, strict=True)
        }
        try:
            yield OpenDoor(ports, door, loop)
        finally:
            result_of(loop, _end_all(listening))


async def _end_all(listening: Iterable[asyncio.Server]) -> None:
    for server in listening:
        server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # lets the connections close that were just told to
