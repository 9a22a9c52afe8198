"""Deletes what old exports left behind; the summary of each stays."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from functions.identity import Caller
from functions.privacy.stores import PrivacyStores
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.exports import Export
from shared.storage.table import Changed


class Retention:
    """Inputs, records, plans and outcomes live for so many days after an export's end."""

    def __init__(self, stores: PrivacyStores, *, days: int) -> None:
        self._stores = stores
        self._lifetime = timedelta(days=days)

    def sweep(self) -> int:
        """Deletes the contents of every tenant's exports whose time is over; gives how many exports."""
        before = self._stores.clock() - self._lifetime
        expired = list(self._stores.exports.with_contents_ended_before(before))
        for export in expired:
            with log.context(tenant=export.tenant, export=export.id):
                self._forget(export)
        return len(expired)

    def _forget(self, export: Export) -> None:
        """Contents first: a crash in between leaves the row to be found again."""
        self._stores.files.delete_all(export.tenant, export.id)
        stored = self._stores.exports.get(export.tenant, export.id)
        if stored is None or stored.value.contents_deleted:
            return
        with suppress(Changed):
            forgotten = replace(stored.value, contents_deleted=True)
            self._stores.exports.replace(forgotten, stored.etag)
            self._stores.trail.note(
                Caller(tenant=export.tenant, user=SERVICE),
                AuditAction.CONTENTS_EXPIRED,
                f"export/{export.id}",
                before=stored.value,
                after=forgotten,
            )
