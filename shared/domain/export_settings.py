"""What an export keeps from its start to its end: the tenant's decisions of that moment."""

from dataclasses import dataclass

from shared.domain.mapping import MappingRow
from shared.domain.preferences import ConnectionMode, ObjectPreferences


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The mapping and the preferences that an export was started with."""

    rows: tuple[MappingRow, ...]
    preferences: ObjectPreferences
    connection: ConnectionMode
