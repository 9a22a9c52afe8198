"""Deletes what old exports left behind; the summary of each stays."""

from dataclasses import replace
from datetime import timedelta

from functions.identity import Caller
from functions.privacy.stores import PrivacyStores
from functions.trail import SERVICE
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.exports import Export
from shared.domain.users import USER_LIFETIME


class Retention:
    """Inputs, records, plans and outcomes live for so many days after an export's end."""

    def __init__(self, stores: PrivacyStores, *, days: int) -> None:
        self._stores = stores
        self._lifetime = timedelta(days=days)

    def sweep(self) -> int:
        """Deletes the contents of every tenant's exports whose time is over; gives how many exports.

        Of people who have not called for a year, it is forgotten that they did.
        """
        unseen = self._stores.users.forget_unseen((self._stores.clock() - USER_LIFETIME).date())
        log.info("unseen users forgotten", users=unseen)
        before = self._stores.clock() - self._lifetime
        expired = list(self._stores.exports.with_contents_ended_before(before))
        for export in expired:
            with log.context(tenant=export.tenant, export=export.id):
                self._forget(export)
        return len(expired)

    def _forget(self, export: Export) -> None:
        """Contents first: a crash in between leaves the row to be found again."""
        self._stores.files.delete_all(export.tenant, export.id)
        change = self._stores.exports.change(
            export.tenant,
            export.id,
            lambda now: None if now.contents_deleted else replace(now, contents_deleted=True),
        )
        if change is None:
            return
        before, after = change
        self._stores.trail.note(
            Caller(tenant=export.tenant, user=SERVICE),
            AuditAction.CONTENTS_EXPIRED,
            f"export/{export.id}",
            before=before,
            after=after,
        )
