import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from azure.storage.queue import (
    AccountSasPermissions,
    QueueServiceClient,
    ResourceTypes,
    generate_account_sas,
)

from local.host.account import StorageAccount, open_account
from local.host.messages import StoredMessage
from local.host.storage import MessageGoneError, StorageQueue, StorageUnavailableError
from tests.loops import run

LEASE = timedelta(seconds=30)
ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def account(connection: str) -> StorageAccount:
    return open_account("Here", {"Here": connection}, "a test")


def by_address(azurite: str) -> str:
    """A connection string with a shared access signature in place of the key."""
    with QueueServiceClient.from_connection_string(azurite) as service:
        allowed = AccountSasPermissions(
            read=True, write=True, delete=True, create=True, add=True, update=True, process=True
        )
        signature = generate_account_sas(
            str(service.account_name),
            service.credential.account_key,
            ResourceTypes(service=True, container=True, object=True),
            allowed,
            "2099-01-01T00:00:00Z",
        )
        return f"QueueEndpoint={service.primary_endpoint};SharedAccessSignature={signature}"


async def only(queue: StorageQueue) -> StoredMessage:
    (message,) = await queue.receive(8, LEASE)
    return message


@pytest.mark.parametrize("connection", [lambda key: key, by_address], ids=["key", "shared access signature"])
def test_queue_is_made_for_its_first_message_which_lives_until_it_is_deleted(
    azurite: str, connection: Callable[[str], str]
) -> None:
    async def story() -> None:
        with closing(account(connection(azurite))) as opened:
            await live(opened.queue(f"made-{uuid4()}", "a test"))

    async def live(queue: StorageQueue) -> None:
        assert await queue.receive(8, LEASE) == []
        await queue.put("a < b & ü")
        first = await only(queue)
        assert (first.content, first.dequeue_count) == ("a < b & ü", 1)
        assert await queue.receive(8, LEASE) == []
        receipt = await queue.hide(first.id, first.pop_receipt, timedelta())
        with pytest.raises(MessageGoneError):
            await queue.delete(first.id, first.pop_receipt)
        again = await only(queue)
        assert (again.id, again.dequeue_count) == (first.id, 2)
        assert receipt != again.pop_receipt
        await queue.delete(again.id, again.pop_receipt)
        with pytest.raises(MessageGoneError):
            await queue.hide(again.id, again.pop_receipt, LEASE)

    run(story())


async def answered_by(conversation: Conversation, ask: Callable[[StorageQueue], Awaitable[None]]) -> None:
    """Asks a queue at a server that speaks as `conversation` does."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await conversation(reader, writer)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        connection = f"QueueEndpoint=http://127.0.0.1:{port}/somebody;SharedAccessSignature=sig=none"
        with closing(account(connection)) as asked:
            await ask(asked.queue("anything", "a test"))


def test_connection_that_the_server_has_closed_is_replaced_without_a_word() -> None:
    async def one_answer_then_closed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ACCEPTED)
        await writer.drain()

    async def ask(queue: StorageQueue) -> None:
        for _ in range(3):
            assert await queue.receive(1, LEASE) == []

    run(answered_by(one_answer_then_closed, ask))


@pytest.mark.parametrize(
    "answer",
    [b"", b"this is no HTTP\r\n\r\n", b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"],
    ids=["nothing", "no HTTP", "busy"],
)
def test_server_without_a_good_answer_is_asked_twice_and_then_unavailable(answer: bytes) -> None:
    asked = 0

    async def bad(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        while await reader.readuntil(b"\r\n\r\n"):
            asked += 1
            writer.write(answer)
            if not answer:
                return

    async def ask(queue: StorageQueue) -> None:
        with pytest.raises(StorageUnavailableError):
            await queue.receive(1, LEASE)

    run(answered_by(bad, ask))
    assert asked == 2
