"""The descriptions that an organization started with, and what its customizers made of them."""

from collections.abc import Mapping

from local.emulators.dataverse.customizing.definitions import (
    choice_from,
    choice_json,
    customized,
    difference,
    table_from,
    table_json,
)
from local.emulators.dataverse.customizing.log import DefinitionLog, Kept
from local.emulators.dataverse.schema import GlobalChoice, Table
from local.emulators.dataverse.store import Store

TABLE = "table"
CHANGES = "changes"
CHOICE = "choice"


class Customizations:
    """The kept definitions of one organization over its first ones."""

    def __init__(self, store: Store, first: Mapping[str, Table]) -> None:
        self.log = DefinitionLog(store)
        self.choices: dict[str, GlobalChoice] = {}
        self._first = first
        self._seen = self.log.version

    def tables(self) -> dict[str, Table]:
        """All tables as they are now; the global choices are read with them."""
        tables = dict(self._first)
        self.choices = {}
        for one in self.log.kept():
            if one.kind == CHOICE:
                self.choices[one.name] = choice_from(one.content)
            elif one.kind == TABLE:
                tables[one.name] = table_from(one.content)
            elif one.name in tables:
                tables[one.name] = customized(tables[one.name], one.content)
        self._seen = self.log.version
        return tables

    def keep(self, before: Table | None, after: Table) -> None:
        """Keeps what a table has become."""
        first = self._first.get(after.logical_name)
        if first is None:
            self.log.keep(Kept(TABLE, after.logical_name, table_json(after)))
        elif changed := difference(first, after):
            self.log.keep(Kept(CHANGES, after.logical_name, changed))
        else:
            self.log.drop(CHANGES, after.logical_name)
        self.log.note(before, after)
        self._seen = self.log.version

    def forget(self, table: Table) -> None:
        """Forgets a customizer's table."""
        self.log.drop(TABLE, table.logical_name)
        self.log.note(table, None)
        self._seen = self.log.version

    def keep_choice(self, choice: GlobalChoice) -> None:
        """Keeps a new or changed global choice."""
        self.choices[choice.name] = choice
        self.log.keep(Kept(CHOICE, choice.name, choice_json(choice)))
        self.log.note_choice(choice, deleted=False)
        self._seen = self.log.version

    def forget_choice(self, choice: GlobalChoice) -> None:
        """Forgets a global choice."""
        del self.choices[choice.name]
        self.log.drop(CHOICE, choice.name)
        self.log.note_choice(choice, deleted=True)
        self._seen = self.log.version

    @property
    def stale(self) -> bool:
        """Whether the database was rolled back to before the last change."""
        return self.log.version != self._seen

    def clear(self) -> None:
        """Back to the first descriptions."""
        self.log.clear()
        self.choices = {}
        self._seen = self.log.version
