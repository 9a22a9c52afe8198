"""The storage accounts that triggers name, as the settings describe them."""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from azure.storage.queue import QueueServiceClient

from local.host.connection import Connections
from local.host.credentials import Credential, Identity, InAddress, SharedKey
from local.host.settings import StartError
from local.host.storage import QueueService, StorageQueue

DEFAULT_CONNECTION = "AzureWebJobsStorage"
POISON_SUFFIX = "-poison"

# "Naming queues and metadata": 3 to 63 lower case letters, digits and single dashes between them.
_QUEUE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """The queues of one storage account."""

    service: QueueService

    @property
    def address(self) -> str:
        """Where the account's queues are, without anything secret."""
        return self.service.address

    def close(self) -> None:
        """Closes what was opened to ask the queues."""
        self.service.connections.close()

    def queue(self, name: str, where: str) -> StorageQueue:
        """The queue of that name, which need not exist."""
        if not _QUEUE_NAME.fullmatch(name):
            raise StartError(
                f"{where} names the queue {name!r}: a queue's name has 3 to 63 lower case letters, digits "
                "and single dashes"
            )
        return StorageQueue(self.service, name)

    def poison_queue(self, name: str) -> StorageQueue | None:
        """Where failed messages of queue `name` go; None for a poison queue, or a name too long for one."""
        poison = name + POISON_SUFFIX
        if name.endswith(POISON_SUFFIX) or not _QUEUE_NAME.fullmatch(poison):
            return None
        return StorageQueue(self.service, poison)


def open_account(connection: str, environment: Mapping[str, str], where: str) -> StorageAccount:
    """The account behind a trigger's `connection`; nothing is sent to it yet."""
    name = connection or DEFAULT_CONNECTION
    # "Azure Queue storage trigger", connections: the name may leave out the prefix AzureWebJobs.
    for setting in (f"AzureWebJobs{name}", name):
        if environment.get(setting):
            return _from_connection_string(environment[setting], setting)
        address = environment.get(f"{setting}__queueServiceUri")
        if address:
            _refuse_unencrypted(address, f"{setting}__queueServiceUri")
            return _from_identity(address, environment.get(f"{setting}__clientId"))
    raise StartError(
        f"{where} uses the storage connection {name}, which is not set: "
        f"set {name} to a connection string, or {name}__queueServiceUri to the address of the queue service"
    )


def _from_connection_string(text: str, setting: str) -> StorageAccount:
    # The SDK knows every form of these strings; its client sends nothing here.
    try:
        client = QueueServiceClient.from_connection_string(text)
    except ValueError as error:
        raise StartError(f"the setting {setting} is no storage connection string: {error}") from error
    key = getattr(client.credential, "account_key", None)
    if key is None:
        return _account(client.url, InAddress())
    return _account(client.url, SharedKey(client.credential.account_name, b64decode(key)))


def _refuse_unencrypted(address: str, setting: str) -> None:
    if urlsplit(address).scheme != "https":
        raise StartError(
            f"the setting {setting} is {address!r}: an identity's token is sent over https only, "
            "so write https://<account>.queue.core.windows.net"
        )


def _from_identity(address: str, client_id: str | None) -> StorageAccount:
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    credential = ManagedIdentityCredential(client_id=client_id) if client_id else DefaultAzureCredential()
    return _account(address, Identity(credential))


def _account(url: str, credential: Credential) -> StorageAccount:
    parts = urlsplit(url)
    return StorageAccount(
        QueueService(
            Connections(f"{parts.scheme}://{parts.netloc}"),
            credential,
            parts.path.rstrip("/"),
            {name: quote(value, safe="") for name, value in parse_qsl(parts.query)},
        )
    )
