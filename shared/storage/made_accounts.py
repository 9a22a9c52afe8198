"""Which accounts an export of leads made for their companies, so that its undo takes them away again."""

from collections.abc import Collection, Iterable

from shared.domain.ids import ExportId, TenantId
from shared.storage.keys import key
from shared.storage.table import TableStore

_EXPORT = "export"
_AT_ONCE = 1000


class MadeAccounts:
    """One row for each account that was made beside a lead, in the table of writes."""

    def __init__(self, table: TableStore) -> None:
        self._table = table

    def note(self, tenant: TenantId, export_id: ExportId, row_ids: Iterable[str]) -> None:
        """To be called before the accounts are made: a crash in between must not hide who made them.

        Who is noted last has made it: an account is made anew only where it is gone.
        """
        rows = ((key(row_id.casefold()), {_EXPORT: export_id}) for row_id in row_ids)
        self._table.put_many(_partition(tenant), rows)

    def forget(self, tenant: TenantId, export_id: ExportId, row_ids: Collection[str]) -> None:
        """They were not made: Dynamics refused them, or somebody else was quicker."""
        for row_id in self.of(tenant, export_id, row_ids):
            self._table.delete(_partition(tenant), key(row_id.casefold()))

    def keep(self, tenant: TenantId, row_ids: Collection[str]) -> None:
        """Others count on these accounts from now on: undoing what made them leaves them where they are.

        Where hardly any account was made so, it costs one question.
        """
        partition, asked = _partition(tenant), {key(row_id.casefold()) for row_id in row_ids}
        rows, more = self._table.page(partition, _AT_ONCE)
        there = {str(row.value["RowKey"]) for row in rows} & asked
        if more is not None:
            there |= {name for name in asked if name > more and self._table.get(partition, name) is not None}
        for name in there:
            self._table.delete(partition, name)

    def of(self, tenant: TenantId, export_id: ExportId, row_ids: Collection[str]) -> set[str]:
        """Those of these accounts that the export made."""
        partition = _partition(tenant)
        found = {row_id: self._table.get(partition, key(row_id.casefold())) for row_id in row_ids}
        return {row_id for row_id, row in found.items() if row and row.value[_EXPORT] == export_id}


def _partition(tenant: TenantId) -> str:
    return key(tenant, "madeAccounts")
