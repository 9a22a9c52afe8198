"""Queues of the storage accounts that triggers name: the few calls that the host makes, its errors sorted."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import LinearRetry, QueueClient, QueueMessage, QueueServiceClient

from local.host.settings import StartError

DEFAULT_CONNECTION = "AzureWebJobsStorage"
POISON_SUFFIX = "-poison"
FOREVER = -1

# "Naming queues and metadata": 3 to 63 lower case letters, digits and single dashes between them.
_QUEUE_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class StorageUnavailableError(Exception):
    """The storage account does not answer, or refuses."""


class MessageGoneError(Exception):
    """The queue or the message is no longer there, or somebody else holds it."""


@dataclass(frozen=True, slots=True)
class StorageQueue:
    """One queue; every method blocks, and may be called from any thread."""

    client: QueueClient

    @property
    def name(self) -> str:
        """The queue's name."""
        return str(self.client.queue_name)

    def receive(self, count: int, lease: timedelta) -> list[QueueMessage]:
        """Up to `count` messages, hidden from others for `lease`; none where the queue does not exist."""
        with _sorted_errors():
            pages = self.client.receive_messages(
                messages_per_page=count,
                visibility_timeout=int(lease.total_seconds()),
            ).by_page()
            try:
                return list(next(pages, ()))
            except ResourceNotFoundError:
                return []

    def delete(self, message_id: str, pop_receipt: str) -> None:
        """The message is done with."""
        with _sorted_errors():
            self.client.delete_message(message_id, pop_receipt)

    def hide(self, message_id: str, pop_receipt: str, duration: timedelta) -> str:
        """Hides the message for `duration` from now; its new pop receipt."""
        with _sorted_errors():
            updated = self.client.update_message(
                message_id, pop_receipt, visibility_timeout=int(duration.total_seconds())
            )
            return str(updated.pop_receipt)

    def put(self, text: str) -> None:
        """Adds a message that never expires, and the queue where there is none."""
        with _sorted_errors():
            try:
                self.client.send_message(text, time_to_live=FOREVER)
            except ResourceNotFoundError:
                self._create()
                self.client.send_message(text, time_to_live=FOREVER)

    def _create(self) -> None:
        try:
            self.client.create_queue()
        except ResourceExistsError:
            return


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """The queue service of one storage account."""

    service: QueueServiceClient

    @property
    def address(self) -> str:
        """Where the account's queues are, without anything secret."""
        return f"{self.service.scheme}://{self.service.primary_hostname}"

    def queue(self, name: str, where: str) -> StorageQueue:
        """The queue of that name, which need not exist."""
        if not _QUEUE_NAME.fullmatch(name):
            raise StartError(
                f"{where} names the queue {name!r}: a queue's name has 3 to 63 lower case letters, digits "
                "and single dashes"
            )
        return StorageQueue(self.service.get_queue_client(name))

    def poison_queue(self, name: str) -> StorageQueue | None:
        """Where failed messages of queue `name` go; None for a poison queue, or a name too long for one."""
        poison = name + POISON_SUFFIX
        if name.endswith(POISON_SUFFIX) or not _QUEUE_NAME.fullmatch(poison):
            return None
        return StorageQueue(self.service.get_queue_client(poison))


def open_account(connection: str, environment: Mapping[str, str], where: str) -> StorageAccount:
    """The account behind a trigger's `connection`; nothing is sent to it yet."""
    name = connection or DEFAULT_CONNECTION
    # "Azure Queue storage trigger", connections: the name may leave out the prefix AzureWebJobs.
    for setting in (f"AzureWebJobs{name}", name):
        if environment.get(setting):
            return _from_connection_string(environment[setting], setting)
        address = environment.get(f"{setting}__queueServiceUri")
        if address:
            return _from_identity(address, environment.get(f"{setting}__clientId"))
    raise StartError(
        f"{where} uses the storage connection {name}, which is not set: "
        f"set {name} to a connection string, or {name}__queueServiceUri to the address of the queue service"
    )


def _from_connection_string(text: str, setting: str) -> StorageAccount:
    try:
        return StorageAccount(QueueServiceClient.from_connection_string(text, **client_options()))
    except ValueError as error:
        raise StartError(f"the setting {setting} is no storage connection string: {error}") from error


def _from_identity(address: str, client_id: str | None) -> StorageAccount:
    from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

    credential = ManagedIdentityCredential(client_id=client_id) if client_id else DefaultAzureCredential()
    return StorageAccount(QueueServiceClient(address, credential=credential, **client_options()))


def client_options() -> dict[str, Any]:
    """How the host's storage clients retry and time out."""
    # One prompt retry covers a connection that the server had just closed. A server that is down is waited
    # for by the poller, which says so; the SDK's own retries would sleep for a minute in silence.
    retry = LinearRetry(backoff=0, retry_total=1, random_jitter_range=0)
    return {"retry_policy": retry, "connection_timeout": 5, "read_timeout": 30}


@contextmanager
def _sorted_errors() -> Iterator[None]:
    try:
        yield
    except HttpResponseError as error:
        if error.status_code == 404 or getattr(error, "error_code", "") == "PopReceiptMismatch":
            raise MessageGoneError(str(error.reason)) from error
        raise StorageUnavailableError(f"HTTP {error.status_code} {error.reason}") from error
    except AzureError as error:
        raise StorageUnavailableError(str(error)) from error
