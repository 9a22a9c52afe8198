"""The saved mappings of each tenant."""

import json
from typing import Any

from shared.domain.ids import ObjectType, TenantId, UserId
from shared.domain.mapping import Mapping
from shared.storage.defaults import DEFAULT_ETAG, remove, save
from shared.storage.keys import key
from shared.storage.long_text import join_text, split_text
from shared.storage.mapping_rows import pack_rows, unpack_rows
from shared.storage.table import Stored, TableStore
from shared.storage.times import from_text, to_text


class MappingStore:
    """One row an object, in the tenant's partition of the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId, object_type: ObjectType) -> Stored[Mapping | None]:
        """The saved mapping, None where the default is in force; with a tag in both cases."""
        found = self._table.get(*_place(tenant, object_type))
        if found is None:
            return Stored(None, DEFAULT_ETAG)
        return Stored(_mapping(object_type, found.value), found.etag)

    def replace(self, tenant: TenantId, mapping: Mapping, etag: str | None) -> str:
        """Keeps the mapping if it is still as it was read (None: anyway); gives the new tag."""
        properties = {
            "version": mapping.version,
            "updatedBy": mapping.updated_by,
            "updatedAt": to_text(mapping.updated_at),
            **split_text("rows", json.dumps(pack_rows(mapping.rows))),
        }
        return save(self._table, _place(tenant, mapping.object_type), properties, etag)

    def delete(self, tenant: TenantId, object_type: ObjectType, etag: str | None) -> None:
        """Brings the default back if the mapping is still as it was read (None: anyway)."""
        remove(self._table, _place(tenant, object_type), etag)


def _place(tenant: TenantId, object_type: ObjectType) -> tuple[str, str]:
    return key(tenant), mapping_row(object_type)


def mapping_row(object_type: ObjectType) -> str:
    """The row's key."""
    return key("mapping", object_type)


def _mapping(object_type: ObjectType, kept: dict[str, Any]) -> Mapping:
    updated_by = kept.get("updatedBy")
    return Mapping(
        object_type=object_type,
        rows=unpack_rows(json.loads(join_text("rows", kept))),
        version=kept["version"],
        updated_by=UserId(updated_by) if updated_by else None,
        updated_at=from_text(kept.get("updatedAt")),
    )
