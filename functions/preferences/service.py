"""Reads and replaces the preferences of the caller's tenant."""

from functions.identity import Caller
from shared import log
from shared.domain.preferences import ExportPreferences
from shared.storage.preferences import PreferencesStore
from shared.storage.table import Stored


class PreferencesService:
    """What administrators decide about every export."""

    def __init__(self, store: PreferencesStore) -> None:
        self._store = store

    def read(self, caller: Caller) -> Stored[ExportPreferences]:
        """The tenant's preferences; the defaults where nobody has decided yet."""
        return self._store.get(caller.tenant)

    def replace(
        self, caller: Caller, preferences: ExportPreferences, etag: str | None
    ) -> Stored[ExportPreferences]:
        """Saves the preferences, over the state that `etag` names, or over any when None."""
        saved = Stored(preferences, self._store.replace(caller.tenant, preferences, etag))
        log.info("preferences saved", by=caller.user)
        return saved
