"""The versions of a mapping: who changed what and when."""

from collections.abc import Callable, Sequence

from functions.identity import Caller
from functions.mapping.stores import MappingStores
from shared.domain.errors import NotFound, Stale
from shared.domain.ids import ObjectType, TenantId
from shared.domain.mapping import Mapping, MappingRow
from shared.storage.mapping_versions import VersionNote
from shared.storage.table import Stored

Bind = Callable[[str], str | None]
"""What a write is bound to, given the present tag: that tag, or None for anything. Stale for another one."""


class History:
    """The versions that are kept. A mapping in force that is not among them is added when somebody looks."""

    def __init__(self, stores: MappingStores) -> None:
        self._stores = stores

    def notes(self, tenant: TenantId, object_type: ObjectType) -> list[VersionNote]:
        """Who changed the mapping and when, newest first."""
        found = self._stores.versions.notes(tenant, object_type)
        present = self._stores.mappings.get(tenant, object_type)
        if present.value is None or any(note.tag == present.etag for note in found):
            return found
        # The process ended between a save and its note, or the save is older than the history.
        self.add(tenant, Stored(present.value, present.etag))
        return self._stores.versions.notes(tenant, object_type)

    def get(self, tenant: TenantId, object_type: ObjectType, version: int) -> tuple[VersionNote, Mapping]:
        """A version with its rows. NotFound for one that is not kept."""
        note = next((each for each in self.notes(tenant, object_type) if each.version == version), None)
        mapping = self._stores.versions.get(tenant, object_type, version)
        if note is None or mapping is None:
            raise NotFound(
                "versionUnknown",
                "This version of the mapping is not kept. The list of versions names those that are.",
            )
        return note, mapping

    def latest(self, tenant: TenantId, object_type: ObjectType) -> int:
        """The highest number that was given, 0 where there is none."""
        return max((note.version for note in self.notes(tenant, object_type)), default=0)

    def add(self, tenant: TenantId, saved: Stored[Mapping], *, restored: int | None = None) -> None:
        """Notes what was saved."""
        self._stores.versions.add(tenant, saved.value, restored=restored, tag=saved.etag)

    def add_default(self, caller: Caller, before: Mapping) -> None:
        """Notes that the default mapping came back. It fits the organization of the day: no rows are kept."""
        mapping = Mapping(
            object_type=before.object_type,
            rows=(),
            version=before.version + 1,
            updated_by=caller.user,
            updated_at=self._stores.clock(),
        )
        self._stores.versions.add(caller.tenant, mapping, is_default=True)

    def rows_named(
        self, tenant: TenantId, object_type: ObjectType, bind: Bind
    ) -> Sequence[MappingRow] | None:
        """The rows of the version that the caller had read, None where it is not known."""
        for note in self.notes(tenant, object_type):
            if note.tag is not None and names(bind, note.tag):
                mapping = self._stores.versions.get(tenant, object_type, note.version)
                return None if mapping is None else mapping.rows
        return None


def names(bind: Bind, tag: str) -> bool:
    """Whether the caller's condition names this state."""
    try:
        return bind(tag) is not None
    except Stale:
        return False
