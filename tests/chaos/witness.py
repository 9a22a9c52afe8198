"""What was seen of a chaos round from the outside: the API's answers and the rows of Dynamics."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.people import Person

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenExport:
    """One export as the API tells it. `people`: its input, line by line."""

    people: Sequence[Person]
    export: Json
    outcomes: Sequence[Json]

    @property
    def id(self) -> str:
        """The export's own id."""
        return str(self.export["id"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """All there is to judge by. `edits`: what somebody wrote into a lead meanwhile, by e-mail.

    `perhaps`: whose lead somebody may have edited, because the answer got lost.
    """

    exports: Sequence[SeenExport]
    rows: Sequence[Json]
    edits: Mapping[str, str] = field(default_factory=dict)
    perhaps: AbstractSet[str] = frozenset()

    def rows_of(self, email: str) -> list[Json]:
        """The leads of one person."""
        return [row for row in self.rows if str(row.get("emailaddress1")).lower() == email.lower()]
