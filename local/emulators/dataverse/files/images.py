"""Images in rows: their types and sizes checked, the columns beside them filled."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from local.emulators.dataverse.files import refusals
from local.emulators.dataverse.files.store import FileStore, Place
from local.emulators.dataverse.metadata_entities import primary_image
from local.emulators.dataverse.schema import Column, Table

DEFAULT_KB: Final = 10_240
TICKS: Final = 10_000_000  # a timestamp counts tenths of microseconds

# "Use image column data": the types that an image column keeps, by how their data begins.
STARTS: Final = {
    b"GIF8": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"BM": "image/bmp",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


@dataclass(frozen=True, slots=True)
class ImageWriter:
    """Takes over the images among the values of one row."""

    files: FileStore
    table: Table
    now: float

    def settle(
        self, images: Iterable[Column], row_id: str, values: dict[str, Any], *, creating: bool
    ) -> None:
        """Checks the given images, keeps those in full size, and fills id, timestamp and address."""
        for column in images:
            if creating and column.name != primary_image(self.table) and values[column.name] is not None:
                raise refusals.not_primary(column.name, self.table.logical_name)
            self._one(column, row_id, values)

    def _one(self, column: Column, row_id: str, values: dict[str, Any]) -> None:
        place = Place(self.table.logical_name, row_id, column.name)
        text = values[column.name]
        parts = {column.name + "id": None, column.name + "_timestamp": None, column.name + "_url": None}
        if text is None:
            self.files.remove(place)
            values.update(parts)
            return
        content = self._content(column, row_id, text)
        mime = mime_of(content)
        if mime is None:
            raise refusals.no_image(self.table.logical_name, row_id, column.name)
        image_id = str(uuid4())
        if column.full_image:
            image_id = self.files.put(place, f"{column.name}.{mime.partition('/')[2]}", mime, content).id
        stamp = int(self.now * TICKS)
        address = (
            f"/Image/download.aspx?Entity={self.table.logical_name}&Attribute={column.name}"
            f"&Id={image_id}&Timestamp={stamp}"
        )
        values.update(dict(zip(parts, (image_id, stamp, address), strict=True)))

    def _content(self, column: Column, row_id: str, text: str) -> bytes:
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError as error:  # binascii.Error is one, and so is what texts beyond ASCII raise
            raise refusals.no_image(self.table.logical_name, row_id, column.name) from error
        most = (column.max_size or DEFAULT_KB) * 1024
        if len(content) > most:
            sizes = f"MaxSize: {most >> 20} MB, Uploaded filesize: {len(content) >> 20} MB."
            raise refusals.image_failed(f"File size is too big. {sizes}")
        return content


def mime_of(content: bytes) -> str | None:
    """The type of an image, None for data that is none."""
    return next((mime for start, mime in STARTS.items() if content.startswith(start)), None)
