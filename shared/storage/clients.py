"""The two ways into a storage account: a connection string, or addresses and a managed identity."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from shared.settings import StorageSettings
from shared.storage.faults import RETRY_OPTIONS
from shared.storage.once import Once

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.data.tables import TableServiceClient
    from azure.storage.blob import BlobServiceClient
    from azure.storage.queue import QueueServiceClient

    from shared.storage.transport import PooledTransport

BLOB_READ = 1024 * 1024
"""Bytes of one download request, of which three lie in memory while a large input is read."""


def _new_transport() -> "PooledTransport":
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    from shared.storage.transport import PooledTransport

    return PooledTransport(DEFAULT_CA_BUNDLE_PATH)


class StorageClients(Protocol):
    """Makes the SDK's clients. Each call makes a new one."""

    def tables(self) -> "TableServiceClient": ...

    def blobs(self) -> "BlobServiceClient": ...

    def queues(self) -> "QueueServiceClient": ...


@dataclass(frozen=True, slots=True)
class ByConnectionString:
    """With the account's key. Locally, for Azurite."""

    connection_string: str
    _transport: Once["PooledTransport"] = field(
        default_factory=lambda: Once(_new_transport), init=False, compare=False, repr=False
    )

    def tables(self) -> "TableServiceClient":
        from azure.data.tables import TableServiceClient

        return TableServiceClient.from_connection_string(self.connection_string, **_options(self._transport))

    def blobs(self) -> "BlobServiceClient":
        from azure.storage.blob import BlobServiceClient

        return BlobServiceClient.from_connection_string(
            self.connection_string,
            max_single_get_size=BLOB_READ,
            max_chunk_get_size=BLOB_READ,
            **_options(self._transport),
        )

    def queues(self) -> "QueueServiceClient":
        from azure.storage.queue import QueueServiceClient

        return QueueServiceClient.from_connection_string(self.connection_string, **_options(self._transport))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByIdentity:
    """Without any key: as the managed identity of the function app. `client_id` None is the system's own."""

    table_uri: str
    blob_uri: str
    queue_uri: str
    client_id: str | None
    _transport: Once["PooledTransport"] = field(
        default_factory=lambda: Once(_new_transport), init=False, compare=False, repr=False
    )

    def tables(self) -> "TableServiceClient":
        from azure.data.tables import TableServiceClient

        return TableServiceClient(self.table_uri, credential=self._credential(), **_options(self._transport))

    def blobs(self) -> "BlobServiceClient":
        from azure.storage.blob import BlobServiceClient

        return BlobServiceClient(
            self.blob_uri,
            credential=self._credential(),
            max_single_get_size=BLOB_READ,
            max_chunk_get_size=BLOB_READ,
            **_options(self._transport),
        )

    def queues(self) -> "QueueServiceClient":
        from azure.storage.queue import QueueServiceClient

        return QueueServiceClient(self.queue_uri, credential=self._credential(), **_options(self._transport))

    def _credential(self) -> "TokenCredential":
        from azure.identity import ManagedIdentityCredential

        return ManagedIdentityCredential(client_id=self.client_id)


def _options(transport: Once["PooledTransport"]) -> dict[str, Any]:
    return {**RETRY_OPTIONS, "transport": transport()}


def clients_of(settings: StorageSettings) -> StorageClients:
    """The way in that the settings name."""
    if settings.connection_string is not None:
        return ByConnectionString(settings.connection_string)
    return ByIdentity(
        table_uri=settings.table_url or "",
        blob_uri=settings.blob_url or "",
        queue_uri=settings.queue_url or "",
        client_id=settings.identity,
    )
