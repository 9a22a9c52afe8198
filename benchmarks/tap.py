"""A tap on loopback connections: passes bytes on unchanged and tells each HTTP request that goes by."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from httptools import HttpParserError, HttpRequestParser

_LOOPBACK = "127.0.0.1"
_AT_ONCE = 256 * 1024

Note = Callable[[str, str, str], None]
"""(name of the tapped server, method, path with query); called on the tap's own thread."""


class _Listener:
    """What the parser of one connection calls."""

    def __init__(self, name: str, note: Note) -> None:
        self._name = name
        self._note = note
        self._url = b""
        self._parser = HttpRequestParser(self)

    def hear(self, content: bytes) -> None:
        """Looks at bytes of the client; a connection that is no HTTP is passed on unheard."""
        with suppress(HttpParserError):
            self._parser.feed_data(content)

    def on_message_begin(self) -> None:
        """A new request begins."""
        self._url = b""

    def on_url(self, url: bytes) -> None:
        """A piece of the request's path."""
        self._url += url

    def on_headers_complete(self) -> None:
        """The request is known well enough."""
        self._note(self._name, self._parser.get_method().decode(), self._url.decode())


@dataclass(frozen=True, slots=True)
class _Tap:
    name: str
    port: int
    note: Note
    tls: ssl.SSLContext | None = None

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._pass_on, _LOOPBACK, 0, limit=_AT_ONCE, ssl=self.tls)

    async def _pass_on(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, forth = await asyncio.open_connection(_LOOPBACK, self.port, limit=_AT_ONCE)
        listener = _Listener(self.name, self.note)
        await asyncio.gather(
            _copy(client, forth, listener.hear), _copy(server, back, lambda _: None), return_exceptions=True
        )


async def _copy(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, hear: Callable[[bytes], None]
) -> None:
    try:
        while content := await source.read(_AT_ONCE):
            hear(content)
            target.write(content)
            await target.drain()
    finally:
        target.close()


@contextmanager
def tapped(
    servers: Mapping[str, int], note: Note, *, tls: ssl.SSLContext | None = None
) -> Iterator[dict[str, int]]:
    """The ports by which to reach the servers (name to loopback port) through taps, while the block lasts.

    With `tls` the taps speak https to the clients.
    """
    loop = asyncio.new_event_loop()
    taps = [_Tap(name, port, note, tls) for name, port in servers.items()]
    listening = [loop.run_until_complete(tap.serve()) for tap in taps]
    thread = threading.Thread(target=loop.run_forever, name="tap", daemon=True)
    thread.start()
    try:
        yield {
            tap.name: server.sockets[0].getsockname()[1] for tap, server in zip(taps, listening, strict=True)
        }
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_cut_all())
        loop.close()


async def _cut_all() -> None:
    """Ends the connections that are still open."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
