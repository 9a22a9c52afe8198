"""Duplicate detection: off unless the request asks for it, by the rules that organizations start with."""

from collections.abc import Mapping
from typing import Any, Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import FOLDED_SUFFIX
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted

HEADER: Final = "mscrm.suppressduplicatedetection"
RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("emailaddress1", "name"),
    "contact": ("emailaddress1",),
    "lead": ("emailaddress1",),
}


def refuse_duplicates(scope: Scope, kit: TableKit, values: Mapping[str, Any], row_id: str) -> None:
    """Refuses values that another row has, where the header switches detection on."""
    if scope.headers.get(HEADER, "").lower() != "false":
        return
    for column in RULES.get(kit.model.name, ()):
        value = values.get(column + FOLDED_SUFFIX)
        same, others = quoted(column + FOLDED_SUFFIX), quoted(kit.table.primary_id)
        statement = f"SELECT 1 FROM {quoted(kit.model.name)} WHERE {same} = ? AND {others} <> ?"
        if value and scope.organization.store.connection.execute(statement, (value, row_id)).fetchone():
            raise errors.duplicate_found(scope.organization.settings.duplicate_status)
