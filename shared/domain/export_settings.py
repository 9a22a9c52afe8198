"""What an export keeps from its start to its end: the tenant's decisions of that moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.mapping import MappingRow
from shared.domain.matching import Chosen
from shared.domain.preferences import ConnectionMode, ObjectPreferences, OnMatch


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What an account is made by where a lead's company has none."""

    rows: tuple[MappingRow, ...]
    preferences: ObjectPreferences


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The mapping and the preferences that an export was started with.

    `owner_email` is the address of whoever started it: new records of a service account become theirs.
    `choices` are what people picked for records that several in Dynamics match, by position. `on_match`: what
    this export was told to do with matches; the preferences say so already. `accounts`: None where leads make
    no accounts.
    """

    rows: tuple[MappingRow, ...]
    preferences: ObjectPreferences
    connection: ConnectionMode
    owner_email: str | None = None
    choices: Mapping[int, Chosen] = field(default_factory=dict)
    on_match: OnMatch | None = None
    accounts: AccountSettings | None = None
