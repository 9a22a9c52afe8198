"""Rows cut into transactions that Azure takes: at most 100, one partition, each row once."""

from collections.abc import Iterable, Iterator

from shared.storage.entities import TRANSACTION_BYTES, TRANSACTION_ROWS, Properties, size_of

Row = tuple[str, Properties]
"""A row key and its properties."""


def transactions(partition: str, rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in order, cut where a transaction would have too many rows or bytes."""
    batch: dict[str, Properties] = {}
    size = 0
    for row, properties in rows:
        bytes_of_row = size_of(partition, row, properties)
        if len(batch) == TRANSACTION_ROWS or (batch and size + bytes_of_row > TRANSACTION_BYTES):
            yield list(batch.items())
            batch, size = {}, 0
        if row in batch:
            raise ValueError("One row stands twice in a transaction; Azure refuses the whole transaction.")
        batch[row] = properties
        size += bytes_of_row
    if batch:
        yield list(batch.items())
