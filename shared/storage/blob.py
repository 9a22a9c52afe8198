"""One blob container: small contents whole, large ones as streams with bounded memory."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from shared.domain.errors import NotFound, Transient
from shared.storage.faults import storage_faults, unless_resource_missing

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

BLOCK = 4 * 1024 * 1024
"""Bytes of a staged block; a blob may have 50,000 of them ("Scalability targets for Blob storage")."""


class Right(StrEnum):
    """What whoever has an address may do with the one blob that it names."""

    PUT_THERE = "putThere"
    FETCH = "fetch"


UrlSigner = Callable[[str, str, datetime, Right], str]
"""(container, blob, expiry, right) to the query text of a SAS that allows this."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a blob: its bytes in chunks, and how many there are of them."""

    size: int
    chunks: Iterator[bytes]


class BlobMissing(NotFound):
    """There is no blob of that name."""

    def __init__(self, container: str) -> None:
        super().__init__("contentGone", "The content is no longer stored.", detail=container)


class BlobStore:
    """The blobs of one container. Connects at first use; safe to share between threads."""

    def __init__(
        self,
        container: str,
        connect: Callable[[], "ContainerClient"],
        *,
        sign: UrlSigner,
        clock: Callable[[], datetime],
    ) -> None:
        self._container = container
        self._connect = connect
        self._sign = sign
        self._clock = clock

    def write(self, name: str, data: bytes) -> None:
        """Writes the blob whatever was there."""
        with storage_faults(self._container):
            self._connect().upload_blob(name, data, overwrite=True)

    def add(self, name: str, data: bytes) -> bool:
        """Writes the blob unless there is one already; whether there was none."""
        from azure.core.exceptions import ResourceExistsError

        with storage_faults(self._container):
            try:
                self._connect().upload_blob(name, data, overwrite=False)
            except ResourceExistsError:
                return False
        return True

    def write_stream(self, name: str, chunks: Iterable[bytes]) -> int:
        """Writes the blob from chunks of any size; gives its bytes. Nothing is written if the chunks fail.

        Transient where another writer of the same blob was quicker.
        """
        blocks = _blocks(chunks)
        first, second = next(blocks, b""), next(blocks, None)
        if second is None:
            self.write(name, first)
            return len(first)
        return self._write_blocks(name, chain((first, second), blocks))

    def _write_blocks(self, name: str, blocks: Iterable[bytes]) -> int:
        from azure.core.exceptions import HttpResponseError
        from azure.storage.blob import BlobBlock

        blob = self._connect().get_blob_client(name)
        writer = secrets.token_hex(8)
        staged: list[BlobBlock] = []
        size = 0
        with storage_faults(self._container):
            for block in blocks:
                identity = f"{writer}-{len(staged):06d}"
                blob.stage_block(identity, block, len(block))
                staged.append(BlobBlock(identity))
                size += len(block)
            try:
                blob.commit_block_list(staged)
            except HttpResponseError as error:
                # A commit throws away what others have staged ("Put Block List").
                if getattr(error, "error_code", None) == "InvalidBlockList":
                    raise _overtaken(self._container) from error
                raise
        return size

    def read(self, name: str) -> bytes | None:
        """The whole blob, None when there is none."""
        try:
            return b"".join(self.read_stream(name))
        except BlobMissing:
            return None

    def read_stream(self, name: str) -> Iterator[bytes]:
        """The blob in chunks of at most 1 MiB. BlobMissing, at once, when there is none."""
        return self.open(name).chunks

    def open(self, name: str) -> Content:
        """The same, with its size."""
        from azure.core.exceptions import ResourceNotFoundError

        with storage_faults(self._container):
            try:
                # Each chunk would be unpacked by itself, which no chunk but the first can be.
                found = self._connect().download_blob(name, max_concurrency=1, decompress=False)
            except ResourceNotFoundError as error:
                unless_resource_missing(error)
                raise BlobMissing(self._container) from error
        return Content(found.size, self._guarded(found.chunks()))

    def _guarded(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        with storage_faults(self._container):
            yield from chunks

    def size(self, name: str) -> int | None:
        """Bytes of the blob, None when there is none."""
        from azure.core.exceptions import ResourceNotFoundError

        with storage_faults(self._container):
            try:
                return int(self._connect().get_blob_client(name).get_blob_properties().size)
            except ResourceNotFoundError as error:
                unless_resource_missing(error)
                return None

    def delete(self, name: str) -> None:
        """Removes the blob; fine when there is none."""
        from azure.core.exceptions import ResourceNotFoundError

        with storage_faults(self._container):
            try:
                self._connect().delete_blob(name)
            except ResourceNotFoundError as error:
                unless_resource_missing(error)

    def delete_prefix(self, prefix: str) -> int:
        """Removes every blob whose name starts so; gives how many there were."""
        with storage_faults(self._container):
            names = list(self._connect().list_blob_names(name_starts_with=prefix))
        for name in names:
            self.delete(name)
        return len(names)

    def upload_url(self, name: str, lifetime: timedelta) -> str:
        """An address to which whoever has it may write this blob until the lifetime ends."""
        return self._url(name, lifetime, Right.PUT_THERE)

    def download_url(self, name: str, lifetime: timedelta) -> str:
        """An address from which whoever has it may fetch this blob until the lifetime ends."""
        return self._url(name, lifetime, Right.FETCH)

    def _url(self, name: str, lifetime: timedelta, right: Right) -> str:
        with storage_faults(self._container):
            address = self._connect().get_blob_client(name).url
            return f"{address}?{self._sign(self._container, name, self._clock() + lifetime, right)}"


def _overtaken(container: str) -> Transient:
    return Transient(
        "writtenMeanwhile",
        "The same content was being stored twice at once. Try again in a few seconds.",
        retry_after=1,
        detail=container,
    )


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= BLOCK:
            yield bytes(gathered[:BLOCK])
            del gathered[:BLOCK]
    if gathered:
        yield bytes(gathered)
