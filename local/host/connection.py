"""HTTP to a storage service over connections that stay open, for little processor time."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

_CONNECT_SECONDS: Final = 5
_ANSWER_SECONDS: Final = 30


class NoAnswerError(Exception):
    """The service cannot be reached, or did not answer in time or in HTTP."""


@dataclass(slots=True)
class HttpAnswer:
    """Status and headers (by lower-case name) with the whole body."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Connections:
    """The open connections to one server; for use on one event loop."""

    address: str
    _idle: list["_Connection"] = field(default_factory=list)

    @property
    def authority(self) -> str:
        """What the Host header says."""
        return urlsplit(self.address).netloc

    async def send(self, request: bytes) -> HttpAnswer:
        """The answer to a request, given as it goes over the wire."""
        connection = self._open_one() or await self._connect()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                answer = await connection.exchange(request)
        except TimeoutError as error:
            connection.drop()
            raise NoAnswerError(f"no answer within {_ANSWER_SECONDS} s") from error
        except BaseException:
            connection.drop()
            raise
        if connection.usable:
            self._idle.append(connection)
        return answer

    def close(self) -> None:
        """Closes the connections that nobody waits at."""
        while self._idle:
            self._idle.pop().drop()

    def _open_one(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _connect(self) -> "_Connection":
        parts = urlsplit(self.address)
        secure = parts.scheme == "https"
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, connection = await asyncio.get_running_loop().create_connection(
                    _Connection,
                    parts.hostname or "",
                    parts.port or (443 if secure else 80),
                    ssl=ssl.create_default_context() if secure else None,
                )
        except TimeoutError as error:
            raise NoAnswerError(f"no connection within {_CONNECT_SECONDS} s") from error
        except OSError as error:
            raise NoAnswerError(f"cannot connect: {error}") from error
        return connection


class _Connection(asyncio.Protocol):
    """One connection, with one request on it at a time."""

    def __init__(self) -> None:
        self.usable = False
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[HttpAnswer] | None = None
        self._begin()

    async def exchange(self, request: bytes) -> HttpAnswer:
        """Sends a request and gives its answer."""
        if self._transport is None or not self.usable:
            raise NoAnswerError("the connection was closed")
        self._begin()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def drop(self) -> None:
        """Closes the connection at once."""
        self.usable = False
        if self._transport:
            self._transport.abort()

    def _begin(self) -> None:
        self._parser = HttpResponseParser(self)
        self._reason = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def _settle(self, error: Exception | None = None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None or waiting.done():
            return
        if error:
            waiting.set_exception(error)
            return
        status, reason = self._parser.get_status_code(), self._reason.decode("latin-1")
        waiting.set_result(HttpAnswer(status, reason, self._headers, b"".join(self._body)))

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.usable = True

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self._settle(NoAnswerError(f"the answer is no HTTP: {error}"))
            self.drop()

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        self._settle(NoAnswerError(f"the connection was closed before an answer: {exc or 'by the server'}"))

    # What the parser calls.

    def on_status(self, status: bytes) -> None:
        self._reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.usable = self._parser.should_keep_alive()
        self._settle()
        if not self.usable and self._transport:
            self._transport.close()
