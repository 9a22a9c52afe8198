"""Rows of one partition by their keys: together where they lie close to each other, else each by itself."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.storage.table import TableStore

_FEW = 3
"""Of so few keys each is asked for at once: a look at their neighbours would cost as much."""

_FIRST_LOOK, _PAGE = 100, 999
"""Rows of the page that shows how close the keys lie, and of those after it: each is one request."""

_ROWS_FOR_ONE = 32
"""Rows that are read along for each one that is wanted: by then a request of its own takes as long."""

_AT_ONCE = 8

Found = dict[str, dict[str, Any]]
"""The properties of rows by their keys."""


def read_scattered(table: TableStore, partition: str, keys: Iterable[str]) -> Found:
    """The rows with these keys, without those that do not exist."""
    wanted = sorted(set(keys))
    found: Found = {}
    read = _read_along(table, partition, wanted, found)
    found.update(_one_by_one(table, partition, wanted[read:]))
    return found


def _read_along(table: TableStore, partition: str, wanted: Sequence[str], found: Found) -> int:
    """Reads pages for as long as they are worth it; gives how many of the keys are dealt with."""
    place, size = 0, _FIRST_LOOK
    while len(wanted) - place > _FEW:
        # A page begins after its token; what is shorter by a letter sorts right before.
        rows, more = table.page(partition, size, wanted[place][:-1])
        end = len(wanted) if more is None else bisect_right(wanted, more, place)
        here = {str(row.value.pop("RowKey")): row.value for row in rows}
        found.update((key, here[key]) for key in wanted[place:end] if key in here)
        is_worth_it = (end - place) * _ROWS_FOR_ONE >= len(rows)
        place, size = end, _PAGE
        if not is_worth_it:
            break
    return place


def _one_by_one(
    table: TableStore, partition: str, keys: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    if not keys:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(keys)), "scattered") as threads:
        rows = threads.map(lambda key: table.get(partition, key), keys)
        yield from ((key, row.value) for key, row in zip(keys, rows, strict=True) if row is not None)
