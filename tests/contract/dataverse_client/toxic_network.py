"""A loopback proxy that makes a connection bad in the seven ways of Toxiproxy."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from tests.loops import loop_beside, result_of

_PIECE = 64 * 1024
_SLICE = 512
_LIMIT = 20_000


class Toxic(StrEnum):
    """What is bad about the way back from the server."""

    LATENCY = "latency"  # everything comes late
    BANDWIDTH = "bandwidth"  # little comes in a second
    SLOW_CLOSE = "slowClose"  # the connection ends late
    TIMEOUT = "timeout"  # nothing comes at all
    RESET = "reset"  # the connection is reset as soon as something comes
    SLICER = "slicer"  # everything comes in small pieces
    LIMIT_DATA = "limitData"  # the connection ends after so many bytes


class ToxicProxy:
    """Passes connections on to a loopback port; the next `sick` ones suffer from the toxic."""

    def __init__(self, port: int) -> None:
        self.toxic: Toxic | None = None
        self.sick = 0
        self.hit = 0
        self._port = port

    async def serve(self) -> asyncio.Server:
        """Listens on a port of its own."""
        return await asyncio.start_server(self._pass_on, "127.0.0.1", 0)

    async def _pass_on(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        toxic = None
        if self.sick > 0:
            toxic, self.sick, self.hit = self.toxic, self.sick - 1, self.hit + 1
        server, forth = await asyncio.open_connection("127.0.0.1", self._port)
        there = asyncio.ensure_future(_copy(client, forth))
        try:
            await _back(toxic, server, back)
        except OSError:
            pass  # the client is gone
        finally:
            there.cancel()
            forth.close()
            back.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(_PIECE):
        target.write(piece)
        await target.drain()


async def _back(toxic: Toxic | None, server: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
    sent = 0
    while piece := await server.read(_SLICE if toxic in {Toxic.SLICER, Toxic.BANDWIDTH} else _PIECE):
        match toxic:
            case Toxic.LATENCY:
                await asyncio.sleep(0.05)
            case Toxic.BANDWIDTH:
                await asyncio.sleep(0.01)
            case Toxic.TIMEOUT:
                await asyncio.sleep(30)
            case Toxic.RESET:
                _reset(back)
                return
            case Toxic.LIMIT_DATA:
                piece = piece[: _LIMIT - sent]
        sent += len(piece)
        back.write(piece)
        await back.drain()
        if toxic is Toxic.LIMIT_DATA and sent >= _LIMIT:
            return
    if toxic is Toxic.SLOW_CLOSE:
        await asyncio.sleep(0.2)


def _reset(writer: asyncio.StreamWriter) -> None:
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def toxic_proxy(port: int) -> Iterator[tuple[ToxicProxy, str]]:
    """The proxy, and the address by which the server behind it is reached, while the block lasts."""
    proxy = ToxicProxy(port)
    with loop_beside("toxic proxy") as loop:
        server = result_of(loop, proxy.serve())
        try:
            yield proxy, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            result_of(loop, _end(server))


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # lets the connections close that were just told to
