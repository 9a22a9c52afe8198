"""What the chunks of one export share: the compiled mapping, the table, the client."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
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
        known = self._recall(export.id)
        settings = known.settings if known else self._settings(export.tenant, export.id)
        client = self._organizations.client(export.tenant, export.requested_by, settings.connection)
        table = self._organizations.table(export.tenant, export.object_type, client)
        if known is None or known.table is not table:
            known = _Known(settings, table, _compile(export, settings, table))
            self._keep(export.id, known)
        return PreparedExport(client, table, known.rules)

    def _recall(self, export_id: ExportId) -> "_Known | None":
        with self._lock:
            known = self._known.get(export_id)
            if known is not None:
                self._known.move_to_end(export_id)
            return known

    def _keep(self, export_id: ExportId, known: "_Known") -> None:
        with self._lock:
            self._known[export_id] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Known:
    settings: ExportSettings
    table: TableMetadata
    rules: PlanRules


def _compile(export: Export, settings: ExportSettings, table: TableMetadata) -> PlanRules:
    mapping = compile_mapping(settings.rows, table.columns, vendor_fields(export.object_type))
    return PlanRules(export.object_type, mapping, settings.preferences)
