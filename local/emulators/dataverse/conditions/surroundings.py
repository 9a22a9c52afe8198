"""What a condition needs to know beside its own table: other tables, the time, the caller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from local.emulators.dataverse.model import TableModel
from local.emulators.dataverse.relations import Collections


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One query's view of its organization."""

    model_of: Callable[[str], TableModel | None]
    collections_of: Callable[[str], Collections]
    now: datetime
    user: str
    business_unit: str
    _numbers: "count[int]" = field(default_factory=count)

    def alias(self) -> str:
        """A name for a table within the query that nothing else there has."""
        return f"t{next(self._numbers)}"
