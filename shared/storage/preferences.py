"""The export preferences of each tenant."""

import json
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from shared.domain.ids import ObjectType, TenantId
from shared.domain.preferences import (
    ConnectionMode,
    ExportObjects,
    ExportPreferences,
    LinkAccount,
    MatchRule,
    ObjectPreferences,
    OnReadOnlyMatch,
    OnSeveralMatches,
)
from shared.storage.connections import CONNECTION
from shared.storage.defaults import DEFAULT_ETAG, save
from shared.storage.keys import key
from shared.storage.mappings import mapping_row
from shared.storage.table import Stored, TableStore
from shared.storage.usage import usage_row

_ROW = "preferences"


class PreferencesStore:
    """One row a tenant, in the table of tenants."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def get(self, tenant: TenantId) -> Stored[ExportPreferences]:
        """What was saved, or the defaults."""
        found = self._table.get(key(tenant), _ROW)
        if found is None:
            return Stored(ExportPreferences(), DEFAULT_ETAG)
        return Stored(_preferences(found.value), found.etag)

    def at_hand(self, tenant: TenantId, object_type: ObjectType, day: date) -> AbstractContextManager[None]:
        """Within the block what the start of an export asks for is read once.

        The preferences, the connection, a mapping and the records of the day.
        """
        rows = (_ROW, CONNECTION, mapping_row(object_type), usage_row(day))
        return self._table.at_hand(key(tenant), rows)

    def replace(self, tenant: TenantId, preferences: ExportPreferences, etag: str | None) -> str:
        """Keeps them if they are still as they were read (None: anyway); gives the new tag."""
        properties = {
            "exportObjects": preferences.export_objects.value,
            "connection": preferences.connection.value,
            **{each.value: json.dumps(pack_object(preferences.of(each))) for each in ObjectType},
        }
        return save(self._table, (key(tenant), _ROW), properties, etag)


def pack_object(preferences: ObjectPreferences) -> dict[str, Any]:
    """The decisions about one object as JSON values, as they are kept."""
    return {
        "createNew": preferences.create_new,
        "updateExisting": preferences.update_existing,
        "allowDuplicates": preferences.allow_duplicates,
        "maxRecordsPerExport": preferences.max_records_per_export,
        "matchRules": [rule.value for rule in preferences.match_rules],
        "onSeveralMatches": preferences.on_several_matches.value,
        "onReadOnlyMatch": preferences.on_read_only_match.value,
        "linkAccount": preferences.link_account.value,
    }


def _preferences(row: dict[str, Any]) -> ExportPreferences:
    return ExportPreferences(
        export_objects=ExportObjects(row["exportObjects"]),
        connection=ConnectionMode(row["connection"]),
        account=unpack_object(json.loads(row[ObjectType.ACCOUNT.value])),
        lead=unpack_object(json.loads(row[ObjectType.LEAD.value])),
    )


def unpack_object(kept: dict[str, Any]) -> ObjectPreferences:
    """The decisions of what `pack_object` gave."""
    return ObjectPreferences(
        create_new=kept["createNew"],
        update_existing=kept["updateExisting"],
        allow_duplicates=kept["allowDuplicates"],
        max_records_per_export=kept["maxRecordsPerExport"],
        match_rules=tuple(MatchRule(rule) for rule in kept["matchRules"]),
        on_several_matches=OnSeveralMatches(kept["onSeveralMatches"]),
        on_read_only_match=OnReadOnlyMatch(kept["onReadOnlyMatch"]),
        link_account=LinkAccount(kept.get("linkAccount", LinkAccount.OFF)),
    )
