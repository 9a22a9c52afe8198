"""Where a tenant's records go: its organization, as the connected account sees it."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from functions.compiling import compile_for, targets_of
from functions.identity import Caller
from functions.mapping.preview import Compile
from functions.mapping.previews import Destination
from functions.organizations import FOR_ADMINISTRATORS, Organizations
from functions.planning import Remembered
from shared.dataverse.client import DataverseClient
from shared.domain.compiled.lookups import Targets
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow
from shared.domain.preferences import ConnectionMode
from shared.storage.choices import ChoiceStore
from shared.storage.preferences import PreferencesStore
from shared.storage.writes import WriteLedger


class OrganizationDestinations:
    """Reads the table and the preferences at each call, as the start of an export does."""

    def __init__(
        self,
        organizations: Organizations,
        preferences: PreferencesStore,
        writes: WriteLedger,
        choices: ChoiceStore,
    ) -> None:
        self._writes = writes
        self._choices = choices
        self._organizations = organizations
        self._preferences = preferences

    def __call__(self, caller: Caller, object_type: ObjectType) -> Destination:
        client = self.client(caller)
        table = self._organizations.table(caller.tenant, object_type, client, FOR_ADMINISTRATORS)

        def compiler(rows: Sequence[MappingRow]) -> Compile:
            targets = self.targets(caller, rows)
            return lambda some: compile_for(caller.tenant, object_type, some, table.columns, targets=targets)

        return Destination(
            client=client,
            table=table,
            preferences=self._preferences.get(caller.tenant).value.of(object_type),
            compiler=compiler,
            remembered=Remembered(
                partial(self._writes.read, caller.tenant, object_type),
                partial(self._choices.of, caller.tenant, object_type),
            ),
        )

    def fresh_columns(self, caller: Caller, object_type: ObjectType) -> ColumnCatalog:
        """The columns as they are at this moment, whatever is remembered."""
        client = self.client(caller)
        return self._organizations.table(caller.tenant, object_type, client, timedelta(0)).columns

    def targets(self, caller: Caller, rows: Sequence[MappingRow]) -> Targets:
        """The tables that the lookups of the rows point at; asks nothing where there are none."""
        return targets_of(self.client(caller), rows)

    def client(self, caller: Caller) -> DataverseClient:
        """Speaks to the organization as the connected account."""
        return self._organizations.client(caller.tenant, caller.user, ConnectionMode.SERVICE_ACCOUNT)
