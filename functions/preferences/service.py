"""Reads and replaces the preferences of the caller's tenant."""

from functions.identity import Caller
from functions.trail import AuditTrail
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.preferences import ExportPreferences
from shared.storage.preferences import PreferencesStore
from shared.storage.table import Stored


class PreferencesService:
    """What administrators decide about every export."""

    def __init__(self, store: PreferencesStore, trail: AuditTrail) -> None:
        self._store = store
        self._trail = trail

    def read(self, caller: Caller) -> Stored[ExportPreferences]:
        """The tenant's preferences; the defaults where nobody has decided yet."""
        return self._store.get(caller.tenant)

    def replace(
        self, caller: Caller, preferences: ExportPreferences, etag: str | None
    ) -> Stored[ExportPreferences]:
        """Saves the preferences, over the state that `etag` names, or over any when None."""
        before = self._store.get(caller.tenant).value
        saved = Stored(preferences, self._store.replace(caller.tenant, preferences, etag))
        self._trail.note(
            caller, AuditAction.PREFERENCES_SAVED, "preferences", before=before, after=preferences
        )
        log.info("preferences saved", by=caller.user)
        return saved
