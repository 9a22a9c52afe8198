"""The storage account: hands out its tables, queues and containers, and connects when they are first used."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.storage.backlog import QueueBacklog
from shared.storage.blob import BlobStore, Right
from shared.storage.clients import StorageClients
from shared.storage.once import Once
from shared.storage.queue import QueueSender
from shared.storage.table import TableStore

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient


class StorageAccount:
    """One storage account. Nothing is connected before the first call that needs it."""

    def __init__(self, clients: StorageClients, *, clock: Callable[[], datetime]) -> None:
        self._tables = Once(clients.tables)
        self._blobs = Once(clients.blobs)
        self._queues = Once(clients.queues)
        self._clock = clock

    def table(self, name: str) -> TableStore:
        """The table of that name."""
        return TableStore(name, Once(lambda: self._tables().get_table_client(name)))

    def container(self, name: str) -> BlobStore:
        """The blob container of that name."""
        connect = Once(lambda: self._blobs().get_container_client(name))
        return BlobStore(name, connect, sign=self._sign, clock=self._clock)

    def queue(self, name: str) -> QueueSender:
        """The queue of that name, which takes text as base64."""
        return QueueSender(name, Once(lambda: self._queue_client(name)))

    def backlog(self, name: str) -> QueueBacklog:
        """What waits in the queue of that name."""
        return QueueBacklog(name, Once(lambda: self._queue_client(name)))

    def _queue_client(self, name: str) -> "QueueClient":
        from azure.storage.queue import TextBase64EncodePolicy

        return self._queues().get_queue_client(name, message_encode_policy=TextBase64EncodePolicy())

    def _sign(self, container: str, blob: str, expiry: datetime, right: Right) -> str:
        """The query of a shared access signature for one blob. What is fetched is a file to be kept."""
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas

        puts = right is Right.PUT_THERE
        service = self._blobs()
        key = getattr(service.credential, "account_key", None)
        delegation = None if key else service.get_user_delegation_key(self._clock(), expiry)
        return generate_blob_sas(
            str(service.account_name),
            container,
            blob,
            account_key=key,
            user_delegation_key=delegation,
            permission=BlobSasPermissions(create=puts, write=puts, read=not puts),
            expiry=expiry,
            content_disposition=None if puts else "attachment",
        )
