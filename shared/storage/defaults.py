"""Saving what a tenant may never have saved: it has defaults until then, with a tag like everything else."""

from typing import Any

from shared.storage.table import AlreadyExists, Changed, TableStore

DEFAULT_ETAG = "default"
"""The tag of a value that nobody saved yet."""


def save(table: TableStore, place: tuple[str, str], properties: dict[str, Any], etag: str | None) -> str:
    """Writes a row (partition, row) bound to the tag that was read; None overwrites whatever is there.

    Gives the new tag; Changed when somebody else was quicker.
    """
    if etag is None:
        return table.put(*place, properties)
    if etag != DEFAULT_ETAG:
        return table.replace(*place, properties, etag)
    try:
        return table.insert(*place, properties)
    except AlreadyExists as error:
        raise Changed(error.detail) from error


def remove(table: TableStore, place: tuple[str, str], etag: str | None) -> None:
    """Removes a row bound to the tag that was read, which brings the defaults back."""
    if etag != DEFAULT_ETAG:
        table.delete(*place, etag)
    elif table.get(*place) is not None:
        raise Changed("")
