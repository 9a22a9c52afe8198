"""Where a tenant's records go: its organization, as the connected account sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.identity import Caller
from functions.mapping.previews import Destination
from functions.organizations import FOR_ADMINISTRATORS, Organizations
from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.ids import ObjectType
from shared.domain.lookups import NO_LINKS, Links
from shared.domain.mapping import MappingRow
from shared.domain.preferences import ConnectionMode
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.preferences import PreferencesStore


class OrganizationDestinations:
    """Reads the table and the preferences at each call, as the start of an export does."""

    def __init__(self, organizations: Organizations, preferences: PreferencesStore) -> None:
        self._organizations = organizations
        self._preferences = preferences

    def __call__(self, caller: Caller, object_type: ObjectType) -> Destination:
        mode = ConnectionMode.SERVICE_ACCOUNT
        client = self._organizations.client(caller.tenant, caller.user, mode)
        table = self._organizations.table(caller.tenant, object_type, client, FOR_ADMINISTRATORS)

        def compile_rows(rows: Sequence[MappingRow]) -> CompiledMapping:
            return compile_mapping(rows, table.columns, vendor_fields(object_type))

        return Destination(
            client=client,
            table=table,
            preferences=self._preferences.get(caller.tenant).value.of(object_type),
            compile_rows=compile_rows,
            links=_no_links,
        )


def _no_links(_mapping: CompiledMapping, _records: Sequence[Mapping[str, Any]]) -> Links:
    return NO_LINKS
