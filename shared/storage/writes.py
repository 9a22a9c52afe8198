"""What this service wrote last into protected columns: seals of the values, by Dynamics record."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.compiled.protection import Seals, Written
from shared.domain.ids import ObjectType, TenantId
from shared.storage.keys import key
from shared.storage.scattered import read_scattered
from shared.storage.table import TableStore

_SEALS, _SEAL = "seals", "seal_"
"""The property with all that was written at first, and how those of columns begin that were written since."""


class WriteLedger:
    """One row a Dynamics record that has protected columns, in a partition for each tenant and object."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def of(self, tenant: TenantId, object_type: ObjectType) -> "ObjectLedger":
        """That of one object, for as long as a chunk takes."""
        return ObjectLedger(self._table, tenant, object_type)

    def read(self, tenant: TenantId, object_type: ObjectType, row_ids: Iterable[str]) -> Written:
        """What was written last into these records."""
        return self.of(tenant, object_type).read(row_ids)


class ObjectLedger:
    """Remembers which rows it has seen, so that what was planned by them is noted without another look."""

    def __init__(self, table: TableStore, tenant: TenantId, object_type: ObjectType) -> None:
        self._table = table
        self._tenant = tenant
        self._partition = key(tenant, object_type)
        self._is_there: dict[str, bool] = {}

    def read(self, row_ids: Iterable[str]) -> Written:
        """What was written last into these records."""
        keys = {row_id: _row_key(row_id) for row_id in row_ids}
        found = read_scattered(self._table, self._partition, keys.values())
        self._is_there.update((each, each in found) for each in keys.values())
        rows = {row_id: _seals(found[each]) for row_id, each in keys.items() if each in found}
        return Written(self._tenant, rows)

    def note(self, *, created: Mapping[str, Seals], changed: Mapping[str, Seals]) -> None:
        """Keeps what was just written.

        Of a new record nothing from before is true any more; of a changed one what was written into other
        columns is.
        """
        unseen = [row_id for row_id in changed if _row_key(row_id) not in self._is_there]
        if unseen:
            self.read(unseen)
        known = {row_id: seals for row_id, seals in changed.items() if self._is_there[_row_key(row_id)]}
        first = {**created, **{row_id: seals for row_id, seals in changed.items() if row_id not in known}}
        self._table.put_many(
            self._partition,
            ((_row_key(row_id), {_SEALS: json.dumps(seals)}) for row_id, seals in first.items()),
        )
        self._table.merge_many(
            self._partition,
            (
                (_row_key(row_id), {f"{_SEAL}{column}": seal for column, seal in seals.items()})
                for row_id, seals in known.items()
            ),
        )


def _row_key(row_id: str) -> str:
    return key(row_id.casefold())


def _seals(row: Mapping[str, Any]) -> dict[str, str]:
    later = {name.removeprefix(_SEAL): seal for name, seal in row.items() if name.startswith(_SEAL)}
    return {**json.loads(row.get(_SEALS, "{}")), **later}
