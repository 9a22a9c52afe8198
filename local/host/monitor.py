"""Remembers across restarts when a timer is due, so that a run missed meanwhile is made up for."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient, LinearRetry

from local.host.account import DEFAULT_CONNECTION
from local.host.settings import StartError

# Where the Functions host keeps such things as well.
_CONTAINER = "azure-webjobs-hosts"

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When a timer last ran or was first seen, and when its schedule brought it round next."""

    last: datetime
    next: datetime


@dataclass(frozen=True, slots=True)
class Monitor:
    """The memory of one timer; where storage fails, it is as if there were none."""

    container: ContainerClient
    name: str
    io_pool: ThreadPoolExecutor

    async def read(self) -> Occurrence | None:
        """What was written last."""
        return await self._storage(self._read)

    async def write(self, occurrence: Occurrence) -> None:
        """Keeps `occurrence` for the next start."""
        text = json.dumps({"Last": occurrence.last.isoformat(), "Next": occurrence.next.isoformat()})
        await self._storage(lambda: self._write(text))

    async def _storage(self, call: Callable[[], T]) -> T | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(self.io_pool, call)
        except AzureError as error:
            logger.warning("the schedule of %s is not kept across restarts now: %s", self.name, error)
            return None

    def _read(self) -> Occurrence | None:
        try:
            content = json.loads(self.container.download_blob(self._blob).readall())
        except ResourceNotFoundError:
            return None
        return Occurrence(datetime.fromisoformat(content["Last"]), datetime.fromisoformat(content["Next"]))

    def _write(self, text: str) -> None:
        try:
            self.container.upload_blob(self._blob, text, overwrite=True)
        except ResourceNotFoundError:
            self._create_container()
            self.container.upload_blob(self._blob, text, overwrite=True)

    def _create_container(self) -> None:
        try:
            self.container.create_container()
        except ResourceExistsError:
            return

    @property
    def _blob(self) -> str:
        return f"timers/local/{self.name}/status"


def open_monitors(environment: Mapping[str, str]) -> ContainerClient | None:
    """Where monitors keep what they know; None without a connection string for the host's storage."""
    text = environment.get(DEFAULT_CONNECTION)
    if not text:
        return None
    try:
        # One prompt retry covers a connection that the server had just closed; more would hold a timer up.
        retry = LinearRetry(backoff=0, retry_total=1, random_jitter_range=0)
        service = BlobServiceClient.from_connection_string(
            text, retry_policy=retry, connection_timeout=5, read_timeout=30
        )
    except ValueError as error:
        raise StartError(f"the setting {DEFAULT_CONNECTION} cannot be used for timers: {error}") from error
    return service.get_container_client(_CONTAINER)
