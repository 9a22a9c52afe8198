"""What this service wrote last into protected columns: seals of the values, by Dynamics record."""

import json
from collections.abc import Iterable, Mapping

from shared.domain.compiled.protection import Seals, Written
from shared.domain.ids import ObjectType, TenantId
from shared.storage.keys import key
from shared.storage.table import TableStore

_SEALS = "seals"


class WriteLedger:
    """One row a Dynamics record that has protected columns, in a partition for each tenant and object."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def read(self, tenant: TenantId, object_type: ObjectType, row_ids: Iterable[str]) -> Written:
        """What was written last into these records."""
        partition = key(tenant, object_type)
        found = {row_id: self._table.get(partition, key(row_id.casefold())) for row_id in row_ids}
        return Written(
            tenant,
            {
                row_id: json.loads(stored.value[_SEALS])
                for row_id, stored in found.items()
                if stored is not None
            },
        )

    def note(self, tenant: TenantId, object_type: ObjectType, newly: Mapping[str, Seals]) -> None:
        """Keeps what was just written, beside what was written into other columns before."""
        before = self.read(tenant, object_type, newly).rows
        rows = (
            (key(row_id.casefold()), {_SEALS: json.dumps({**before.get(row_id, {}), **seals})})
            for row_id, seals in newly.items()
        )
        self._table.put_many(key(tenant, object_type), rows)
