import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure.storage.queue import QueueClient, QueueMessage, TextBase64DecodePolicy

from shared.storage.account import StorageAccount
from shared.storage.names import Queue


@pytest.fixture
def waiting(azurite: str, storage_account: StorageAccount) -> Iterator[QueueClient]:
    with QueueClient.from_connection_string(
        azurite, Queue.SPLIT, message_decode_policy=TextBase64DecodePolicy()
    ) as client:
        client.clear_messages()
        yield client


def test_a_message_arrives_as_base64_of_json(storage_account: StorageAccount, waiting: QueueClient) -> None:
    storage_account.queue(Queue.SPLIT).send({"v": 1, "tenant": "zo\u00eb"})
    message = waiting.receive_message()
    assert isinstance(message, QueueMessage)
    assert json.loads(message.content) == {"v": 1, "tenant": "zo\u00eb"}


def test_a_delayed_message_is_not_there_yet(storage_account: StorageAccount, waiting: QueueClient) -> None:
    storage_account.queue(Queue.SPLIT).send({"v": 1}, timedelta(seconds=90))
    assert waiting.receive_message() is None
    assert waiting.get_queue_properties().approximate_message_count == 1


def test_a_message_waits_for_longer_than_a_week(
    storage_account: StorageAccount, waiting: QueueClient
) -> None:
    storage_account.queue(Queue.SPLIT).send({"v": 1}, timedelta(days=30))
    storage_account.queue(Queue.SPLIT).send({"v": 2}, -timedelta(days=1))
    message = waiting.receive_message()
    assert isinstance(message, QueueMessage)
    assert json.loads(message.content) == {"v": 2}
    assert message.expires_on is not None
    assert message.expires_on > datetime.now(UTC) + timedelta(days=365)


def test_the_largest_message_is_taken(storage_account: StorageAccount, waiting: QueueClient) -> None:
    storage_account.queue(Queue.SPLIT).send({"v": "x" * (48 * 1024 - 8)})
    message = waiting.receive_message()
    assert isinstance(message, QueueMessage)


def test_a_message_that_is_too_large_is_refused_before_it_is_sent(
    storage_account: StorageAccount, waiting: QueueClient
) -> None:
    with pytest.raises(ValueError, match="Send a reference"):
        storage_account.queue(Queue.SPLIT).send({"v": "x" * (48 * 1024 - 7)})
