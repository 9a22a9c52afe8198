"""Stand-ins for what lies outside, which keep the promises of the real thing in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count, islice
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import requests
from requests.adapters import BaseAdapter

from shared.storage.blob import BlobMissing, BlobStore, Content
from shared.storage.filters import Filter
from shared.storage.table import AlreadyExists, Changed, Stored, TableStore


class MemoryTable(TableStore):
    """A table in memory, with the tags and refusals of Table Storage."""

    def __init__(self, name: str = "memory") -> None:
        super().__init__(name, _never_connected)
        self._rows: dict[tuple[str, str], Stored[dict[str, Any]]] = {}
        self._tags = count(1)

    def get(self, partition: str, row: str) -> Stored[dict[str, Any]] | None:
        return self._rows.get((partition, row))

    @contextmanager
    def at_hand(self, partition: str, rows: Sequence[str]) -> Iterator[None]:
        assert partition
        assert rows
        yield

    def insert(self, partition: str, row: str, properties: Any) -> str:
        if (partition, row) in self._rows:
            raise AlreadyExists(self._name)
        return self.put(partition, row, properties)

    def put(self, partition: str, row: str, properties: Any) -> str:
        kept = {name: value for name, value in properties.items() if value is not None}
        tag = f"W/\"datetime'{next(self._tags)}'\""
        self._rows[partition, row] = Stored(kept, tag)
        return tag

    def insert_many(self, partition: str, rows: Any) -> None:
        added = list(rows)
        if any((partition, row) in self._rows for row, _ in added):
            raise AlreadyExists(self._name)
        self.put_many(partition, added)

    def put_many(self, partition: str, rows: Any) -> None:
        for row, properties in rows:
            self.put(partition, row, properties)

    def merge_many(self, partition: str, rows: Any) -> None:
        for row, properties in rows:
            there = self._rows.get((partition, row))
            self.put(partition, row, {**({} if there is None else there.value), **properties})

    def replace(self, partition: str, row: str, properties: Any, etag: str) -> str:
        self._check(partition, row, etag)
        return self.put(partition, row, properties)

    def delete(self, partition: str, row: str, etag: str | None = None) -> None:
        if etag is not None:
            self._check(partition, row, etag)
        self._rows.pop((partition, row), None)

    def rows(
        self,
        partition: str,
        *,
        select: Sequence[str] | None = None,
        first: str | None = None,
        after: str | None = None,
        prefix: str | None = None,
    ) -> Iterator[Stored[dict[str, Any]]]:
        for (where, row), stored in sorted(self._rows.items()):
            wanted = row >= (first or "") and row > (after or "") and row.startswith(prefix or "")
            if where == partition and wanted:
                chosen = stored.value if select is None else {each: stored.value.get(each) for each in select}
                yield Stored({**chosen, "RowKey": row}, stored.etag)

    def page(
        self, partition: str, size: int, token: str | None = None, where: Filter | None = None
    ) -> tuple[list[Stored[dict[str, Any]]], str | None]:
        every = self.rows(partition, after=token or None)
        found = list(islice((each for each in every if where is None or _meets(each.value, where)), size + 1))
        return found[:size], found[size - 1].value["RowKey"] if len(found) > size else None

    def everywhere(self, where: Filter) -> Iterator[Stored[dict[str, Any]]]:
        for (partition, row), stored in sorted(self._rows.items()):
            keyed = {**stored.value, "PartitionKey": partition, "RowKey": row}
            if _meets(keyed, where):
                yield Stored(keyed, stored.etag)

    def _check(self, partition: str, row: str, etag: str) -> None:
        found = self._rows.get((partition, row))
        if found is None or found.etag != etag:
            raise Changed(self._name)


def _meets(row: dict[str, Any], where: Filter) -> bool:
    """Conditions joined by `and`; an absent property meets none."""
    for condition in where.text.split(" and "):
        name, operator, parameter = condition.split()
        if name not in row or not _OPERATORS[operator](row[name], where.values[parameter[1:]]):
            return False
    return True


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}


def _never_connected() -> Any:
    raise AssertionError("what is in memory has no client")


class MemoryContainer(BlobStore):
    """A blob container in memory."""

    def __init__(self) -> None:
        super().__init__(
            "memory", _never_connected, sign=lambda *_: "", clock=lambda: datetime(2026, 1, 31, tzinfo=UTC)
        )
        self.blobs: dict[str, bytes] = {}

    def write(self, name: str, data: bytes) -> None:
        self.blobs[name] = data

    def add(self, name: str, data: bytes) -> bool:
        return self.blobs.setdefault(name, data) is data

    def write_stream(self, name: str, chunks: Iterable[bytes]) -> int:
        self.blobs[name] = b"".join(chunks)
        return len(self.blobs[name])

    def open(self, name: str) -> Content:
        if name not in self.blobs:
            raise BlobMissing("memory")
        return Content(len(self.blobs[name]), iter([self.blobs[name]]))

    def size(self, name: str) -> int | None:
        return len(self.blobs[name]) if name in self.blobs else None

    def download_url(self, name: str, lifetime: timedelta) -> str:
        return f"memory:{name}?{lifetime.total_seconds():.0f}"

    def upload_url(self, name: str, lifetime: timedelta) -> str:
        return f"memory:{name}?put&{lifetime.total_seconds():.0f}"

    def delete(self, name: str) -> None:
        self.blobs.pop(name, None)

    def delete_prefix(self, prefix: str) -> int:
        gone = [name for name in self.blobs if name.startswith(prefix)]
        for name in gone:
            del self.blobs[name]
        return len(gone)


class MemoryServer(BaseAdapter):
    """Answers a requests session from a function, without a socket; keeps what it was asked."""

    def __init__(self, answer: Callable[[requests.PreparedRequest], tuple[int, bytes]]) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[str] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.asked.append(str(request.url))
        status, body = self.answer(request)
        response = requests.Response()
        response.status_code, response.raw, response.url = status, BytesIO(body), str(request.url)
        response.request = request
        return response

    def close(self) -> None: ...

    def session(self) -> requests.Session:
        made = requests.Session()
        made.mount("https://", self)
        made.mount("http://", self)
        return made
