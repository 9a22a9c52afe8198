"""Compiles a mapping for one organization and tenant, with what lookups and phone numbers need."""

from collections.abc import Mapping, Sequence

from shared.dataverse.client import DataverseClient
from shared.dataverse.targets import read_targets
from shared.domain.compiled import CompiledMapping, compile_mapping
from shared.domain.compiled.lookups import Targets
from shared.domain.compiled.tools import Tools
from shared.domain.drift import sound_rows
from shared.domain.fields import Column
from shared.domain.ids import ObjectType, TenantId, record_id
from shared.domain.mapping import MappingRow
from shared.domain.vendor_catalog import vendor_fields
from shared.phones import format_phone

_OURS = {object_type.value: object_type for object_type in ObjectType}


def targets_of(client: DataverseClient, rows: Sequence[MappingRow]) -> Targets:
    """The tables that the lookups of these rows point at; asks nothing where there are none."""
    rules = [row.options.lookup for row in rows if row.options.lookup is not None]
    return read_targets(client, rules)


def compile_for(
    tenant: TenantId,
    object_type: ObjectType,
    rows: Sequence[MappingRow],
    columns: Mapping[str, Column],
    *,
    targets: Targets,
) -> CompiledMapping:
    """The mapping as exports run it: rows that do not fit the organization any more are paused."""
    fields = vendor_fields(object_type)
    sound = sound_rows(rows, columns, fields)
    return compile_mapping(sound, columns, fields, tools_of(tenant), targets=targets)


def tools_of(tenant: TenantId) -> Tools:
    """Phone formats, and the keys under which this tenant's vendor records lie in Dynamics."""

    def own_id(table: str, vendor_id: str) -> str | None:
        object_type = _OURS.get(table)
        return None if object_type is None else record_id(tenant, object_type, vendor_id)

    return Tools(format_phone=format_phone, own_id=own_id)
