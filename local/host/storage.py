"""The few calls that the host makes to queues in storage, their errors sorted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from azure.core.exceptions import AzureError

from local.host.connection import Connections, HttpAnswer, NoAnswerError
from local.host.credentials import Credential, Unsigned
from local.host.messages import StoredMessage, read_messages

FOREVER: Final = -1
_TRIES: Final = 2
_MOMENTARY: Final = frozenset({408, 429, 500, 502, 503, 504})


class StorageUnavailableError(Exception):
    """The storage account does not answer, or refuses."""


class MessageGoneError(Exception):
    """The queue or the message is no longer there, or somebody else holds it."""


@dataclass(frozen=True, slots=True)
class QueueService:
    """Sends requests to the queue service of one storage account."""

    connections: Connections
    credential: Credential
    path: str
    query: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where the service is, without anything secret."""
        return self.connections.address + self.path

    async def send(self, method: str, path: str, body: bytes = b"", **query: str) -> HttpAnswer:
        """The answer, whatever it says; StorageUnavailableError where there is none.

        A failure is tried once more, at once: that covers a connection that the server had just closed.
        A server that is down is waited for by the poller, which says so.
        """
        request = Unsigned(method, self.path + path, {**query, **self.query}, body)
        for tries_left in reversed(range(_TRIES)):
            try:
                answer = await self.connections.send(await self._written(request))
            except (NoAnswerError, AzureError) as error:
                if not tries_left:
                    raise StorageUnavailableError(str(error)) from error
                continue
            if answer.status not in _MOMENTARY:
                break
        return answer

    async def _written(self, request: Unsigned) -> bytes:
        headers = {
            "host": self.connections.authority,
            "content-length": str(len(request.body)),
            **await self.credential.headers(request),
        }
        lines = [f"{request.method} {request.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + request.body


@dataclass(frozen=True, slots=True)
class StorageQueue:
    """One queue; for use on one event loop."""

    service: QueueService
    name: str

    async def receive(self, count: int, lease: timedelta) -> list[StoredMessage]:
        """Up to `count` messages, hidden from others for `lease`; none where the queue does not exist."""
        answer = await self.service.send(
            "GET", self._messages, numofmessages=str(count), visibilitytimeout=_seconds(lease)
        )
        if answer.status == 404:
            return []
        return read_messages(_checked(answer).body)

    async def delete(self, message_id: str, pop_receipt: str) -> None:
        """The message is done with."""
        address = f"{self._messages}/{message_id}"
        _checked(await self.service.send("DELETE", address, popreceipt=quote(pop_receipt, safe="")))

    async def hide(self, message_id: str, pop_receipt: str, duration: timedelta) -> str:
        """Hides the message for `duration` from now; its new pop receipt."""
        answer = await self.service.send(
            "PUT",
            f"{self._messages}/{message_id}",
            popreceipt=quote(pop_receipt, safe=""),
            visibilitytimeout=_seconds(duration),
        )
        return _checked(answer).headers["x-ms-popreceipt"]

    async def put(self, text: str) -> None:
        """Adds a message that never expires, and the queue where there is none."""
        answer = await self._put(text)
        if answer.status == 404:
            await self._create()
            answer = await self._put(text)
        _checked(answer)

    async def _put(self, text: str) -> HttpAnswer:
        body = f"<QueueMessage><MessageText>{escape(text)}</MessageText></QueueMessage>".encode()
        return await self.service.send("POST", self._messages, body, messagettl=str(FOREVER))

    async def _create(self) -> None:
        answer = await self.service.send("PUT", f"/{self.name}")
        if answer.status != 409:  # somebody else was quicker
            _checked(answer)

    @property
    def _messages(self) -> str:
        return f"/{self.name}/messages"


def _checked(answer: HttpAnswer) -> HttpAnswer:
    if answer.status < 400:
        return answer
    if answer.status == 404 or answer.headers.get("x-ms-error-code") == "PopReceiptMismatch":
        raise MessageGoneError(answer.reason)
    raise StorageUnavailableError(f"HTTP {answer.status} {answer.reason}")


def _seconds(duration: timedelta) -> str:
    return str(int(duration.total_seconds()))
