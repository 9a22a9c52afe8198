"""What an export keeps from its start to its end: the tenant's decisions of that moment."""

from dataclasses import dataclass

from shared.domain.mapping import MappingRow
from shared.domain.preferences import ConnectionMode, ObjectPreferences


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The mapping and the preferences that an export was started with.

    `owner_email` is the address of whoever started it: new records of a service account become theirs.
    """

    rows: tuple[MappingRow, ...]
    preferences: ObjectPreferences
    connection: ConnectionMode
    owner_email: str | None = None
