"""What the chunks of one export share: the compiled mapping, the table, the client."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock

from functions.organizations import Organizations
from shared.dataverse.client import DataverseClient
from shared.dataverse.metadata import TableMetadata
from shared.domain.compiled import compile_mapping
from shared.domain.export_settings import ExportSettings
from shared.domain.exports import Export
from shared.domain.ids import ExportId, TenantId
from shared.domain.plan import PlanRules
from shared.domain.vendor_catalog import vendor_fields
from shared.storage.once import Once

_KEPT = 64


@dataclass(frozen=True, slots=True)
class PreparedExport:
    """Everything that is the same for every chunk."""

    client: DataverseClient
    table: TableMetadata
    rules: PlanRules


class PreparedExports:
    """Prepares each export once a process; the last few dozen are kept."""

    def __init__(
        self,
        organizations: Organizations,
        settings: Callable[[TenantId, ExportId], ExportSettings],
    ) -> None:
        self._organizations = organizations
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
            compiled = known.compiled = _Compiled(table, _rules(export, settings, table))
        return PreparedExport(client, table, compiled.rules)

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


@dataclass(slots=True)
class _Known:
    """The settings are read once, though the first chunks of all lanes ask for them at the same time."""

    settings: Once[ExportSettings]
    compiled: _Compiled | None = None


def _rules(export: Export, settings: ExportSettings, table: TableMetadata) -> PlanRules:
    mapping = compile_mapping(settings.rows, table.columns, vendor_fields(export.object_type))
    return PlanRules(export.object_type, mapping, settings.preferences)
