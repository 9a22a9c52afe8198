"""What the chunks of one export share: the compiled mapping, the table, the client."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock

from functions.compiling import compile_for, targets_of
from functions.export.companies import Companies
from functions.organizations import Organizations
from functions.owners import Owner, Owners
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.account_links import bind_name, link_rows
from shared.domain.drift import drift
from shared.domain.errors import NeedsUser, Problem
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export
from shared.domain.ids import ExportId, ObjectType, TenantId
from shared.domain.plan import PlanRules
from shared.domain.preferences import ConnectionMode, LinkAccount
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.once import Once

_KEPT = 64


@dataclass(frozen=True, slots=True)
class PreparedExport:
    """Everything that is the same for every chunk. `owner` None: new records are the writer's own.

    `warnings` say which rows of the mapping do not fit the organization any more. `companies`: None where
    leads make no accounts.
    """

    client: DataverseClient
    table: TableMetadata
    rules: PlanRules
    owner: Owner | None = None
    warnings: tuple[Problem, ...] = ()
    companies: Companies | None = None


class PreparedExports:
    """Prepares each export once a process; the last few dozen are kept."""

    def __init__(
        self,
        organizations: Organizations,
        settings: Callable[[TenantId, ExportId], ExportSettings],
        owners: Owners,
    ) -> None:
        self._organizations = organizations
        self._owners = owners
        self._settings = settings
        self._known: OrderedDict[ExportId, _Known] = OrderedDict()
        self._lock = Lock()

    def of(self, export: Export) -> PreparedExport:
        """The export, ready to run. NeedsUser when nobody is connected, Transient when Dynamics is away."""
        known = self._recall(export)
        settings = known.settings()
        client = self._organizations.client(export.tenant, export.requested_by, settings.connection)
        table = self._organizations.table(export.tenant, export.object_type, client)
        compiled = known.compiled
        if compiled is None or compiled.table is not table:
            compiled = known.compiled = self._compiled(export, settings, table, client)
        owner = self._owner(export, settings, client)
        return PreparedExport(client, table, compiled.rules, owner, compiled.warnings, compiled.companies)

    def tell(self, export: Export, error: NeedsUser) -> None:
        """Notes at the connection why the export waits."""
        mode = self._recall(export).settings().connection
        self._organizations.needs_attention(export.tenant, export.requested_by, mode, error)

    def _owner(self, export: Export, settings: ExportSettings, client: DataverseClient) -> Owner | None:
        if settings.connection is ConnectionMode.INDIVIDUAL:
            return None
        return self._owners.of(export.tenant, client, export.object_type, settings.owner_email)

    def _compiled(
        self, export: Export, settings: ExportSettings, table: TableMetadata, client: DataverseClient
    ) -> "_Compiled":
        columns, links = table.columns, settings.preferences.link_account
        linked = () if links is LinkAccount.OFF else link_rows(settings.rows, columns)
        rows = (*settings.rows, *linked)
        targets = targets_of(client, rows)
        mapping = compile_for(export.tenant, export.object_type, rows, columns, targets=targets)
        changed = drift(settings.rows, columns, vendor_fields(export.object_type), targets)
        rules = PlanRules(export.object_type, mapping, settings.preferences, settings.choices)
        return _Compiled(table, rules, tuple(changed), self._companies(export, settings, table, client))

    def _companies(
        self, export: Export, settings: ExportSettings, table: TableMetadata, client: DataverseClient
    ) -> Companies | None:
        """By what accounts of leads' companies are made."""
        bound = bind_name(table.columns)
        if settings.accounts is None or bound is None:
            return None
        accounts = self._organizations.table(export.tenant, ObjectType.ACCOUNT, client)
        rows = settings.accounts.rows
        targets = targets_of(client, rows)
        mapping = compile_for(export.tenant, ObjectType.ACCOUNT, rows, accounts.columns, targets=targets)
        return Companies(
            accounts, PlanRules(ObjectType.ACCOUNT, mapping, settings.accounts.preferences), bound
        )

    def _recall(self, export: Export) -> "_Known":
        with self._lock:
            known = self._known.get(export.id)
            if known is None:
                read = partial(self._settings, export.tenant, export.id)
                known = self._known[export.id] = _Known(Once(read))
            self._known.move_to_end(export.id)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return known


@dataclass(frozen=True, slots=True)
class _Compiled:
    table: TableMetadata
    rules: PlanRules
    warnings: tuple[Problem, ...]
    companies: Companies | None


@dataclass(slots=True)
class _Known:
    """The settings are read once, though the first chunks of all lanes ask for them at the same time."""

    settings: Once[ExportSettings]
    compiled: _Compiled | None = None
