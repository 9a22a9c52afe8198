"""Everything of one tenant, in every table and every container, removed."""

from collections.abc import Iterable

from shared.domain.ids import TenantId
from shared.storage.blob import BlobStore
from shared.storage.filters import Filter
from shared.storage.keys import SEPARATOR, key
from shared.storage.table import TableStore

_AFTER_SEPARATOR = chr(ord(SEPARATOR) + 1)


class TenantWipe:
    """Every partition key and every blob's name starts with the tenant, which is what makes this complete."""

    def __init__(self, tables: Iterable[TableStore], containers: Iterable[BlobStore]) -> None:
        self._tables = tuple(tables)
        self._containers = tuple(containers)

    def run(self, tenant: TenantId, keep: str) -> int:
        """Removes rows and blobs, but for rows of the key `keep`; gives how many there were."""
        own = key(tenant)
        blobs = sum(container.delete_prefix(f"{own}/") for container in self._containers)
        return blobs + sum(_clear(table, own, keep) for table in self._tables)


def _clear(table: TableStore, own: str, keep: str) -> int:
    bounds = {"from": own + SEPARATOR, "to": own + _AFTER_SEPARATOR}
    found = [
        *table.everywhere(Filter("PartitionKey eq @own", {"own": own})),
        *table.everywhere(Filter("PartitionKey ge @from and PartitionKey lt @to", bounds)),
    ]
    places = [(row.value["PartitionKey"], row.value["RowKey"]) for row in found]
    removed = [place for place in places if place[1] != keep]
    for place in removed:
        table.delete(*place)
    return len(removed)
