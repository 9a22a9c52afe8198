"""Which Dynamics record a person picked for a vendor record: asked once, it holds for later exports."""

from collections.abc import Iterable

from shared.domain.ids import ObjectType, TenantId, record_id
from shared.domain.matching import Chosen
from shared.storage.keys import key
from shared.storage.table import TableStore

_ID = "id"


class ChoiceStore:
    """One row for each vendor record that somebody picked for, in the table of writes."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def note(self, tenant: TenantId, object_type: ObjectType, vendor_id: str, chosen: Chosen) -> None:
        """Keeps the latest pick."""
        row = record_id(tenant, object_type, vendor_id)
        self._table.put(_partition(tenant, object_type), row, {_ID: chosen.id})

    def of(self, tenant: TenantId, object_type: ObjectType, vendor_ids: Iterable[str]) -> dict[str, Chosen]:
        """What was picked for these, by vendor id; those that nobody picked for are absent."""
        partition = _partition(tenant, object_type)
        rows = {
            vendor_id: self._table.get(partition, record_id(tenant, object_type, vendor_id))
            for vendor_id in vendor_ids
        }
        return {vendor_id: Chosen(row.value.get(_ID)) for vendor_id, row in rows.items() if row is not None}

    def forget(self, tenant: TenantId, object_type: ObjectType, vendor_id: str) -> None:
        """Removes what was picked; fine where there is nothing."""
        self._table.delete(_partition(tenant, object_type), record_id(tenant, object_type, vendor_id))


def _partition(tenant: TenantId, object_type: ObjectType) -> str:
    return key(tenant, object_type, "choices")
