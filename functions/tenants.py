"""What a tenant's administrators decided, as the start of an export asks for it."""

from contextlib import AbstractContextManager
from datetime import date

from functions.identity import Caller
from functions.organizations import Organizations
from shared.domain.default_mapping import default_rows
from shared.domain.errors import Forbidden
from shared.domain.ids import ObjectType, TenantId
from shared.domain.mapping import Mapping
from shared.domain.preferences import ConnectionMode, ExportPreferences
from shared.storage.connections import AccessStore
from shared.storage.mappings import MappingStore
from shared.storage.preferences import PreferencesStore


class Tenants:
    """The tenant's access, connection, preferences and mappings."""

    def __init__(
        self,
        *,
        access: AccessStore,
        preferences: PreferencesStore,
        mappings: MappingStore,
        organizations: Organizations,
    ) -> None:
        self._access = access
        self._preferences = preferences
        self._mappings = mappings
        self._organizations = organizations

    def at_hand(self, tenant: TenantId, object_type: ObjectType, day: date) -> AbstractContextManager[None]:
        """Within the block what was decided is read once, and the records of the day with it."""
        return self._preferences.at_hand(tenant, object_type, day)

    def check_access(self, caller: Caller) -> None:
        """Forbidden where the integration is not switched on for the caller. Admins always have it."""
        if not caller.is_admin and not self._access.get(caller.tenant).value.allows(
            caller.user, caller.email
        ):
            raise Forbidden(
                "integrationOff",
                "The Dynamics integration is not switched on for you. Ask your administrator to do so.",
            )

    def check_connected(self, caller: Caller, mode: ConnectionMode) -> None:
        """NeedsUser where nobody is connected through whom this caller's exports could be written."""
        self._organizations.connection(caller.tenant, caller.user, mode)

    def preferences(self, tenant: TenantId) -> ExportPreferences:
        """What was decided, or the defaults."""
        return self._preferences.get(tenant).value

    def mapping(self, caller: Caller, object_type: ObjectType, mode: ConnectionMode) -> Mapping:
        """The saved mapping, or the default one adapted to the organization."""
        saved = self._mappings.get(caller.tenant, object_type).value
        if saved is not None:
            return saved
        client = self._organizations.client(caller.tenant, caller.user, mode)
        table = self._organizations.table(caller.tenant, object_type, client)
        return Mapping(object_type=object_type, rows=default_rows(object_type, table.columns))
