"""Shows the versions of a mapping, and brings one back."""

from dataclasses import dataclass, replace

from functions.identity import Caller
from functions.mapping.differences import differences
from functions.mapping.history import Bind, History
from functions.mapping.service import MappingService, Saved
from functions.mapping.stores import MappingStores
from shared.domain.ids import ObjectType
from shared.domain.mapping import Mapping
from shared.storage.mapping_versions import VersionNote


@dataclass(frozen=True, slots=True)
class Version:
    """One version with its rows, and what differs from the one before."""

    note: VersionNote
    mapping: Mapping
    changes: list[str]


class MappingVersions:
    """The last versions of each mapping."""

    def __init__(self, stores: MappingStores, service: MappingService) -> None:
        self._history = History(stores)
        self._service = service

    def all(self, caller: Caller, object_type: ObjectType) -> list[VersionNote]:
        """Who changed the mapping and when, newest first."""
        return self._history.notes(caller.tenant, object_type)

    def get(self, caller: Caller, object_type: ObjectType, version: int) -> Version:
        """One version; NotFound for one that is not kept."""
        note, mapping = self._of(caller, object_type, version)
        earlier = [each for each in self.all(caller, object_type) if each.version < version]
        before = self._of(caller, object_type, earlier[0].version)[1].rows if earlier else None
        if before is None:
            before = self._service.default(caller, object_type)
        changes = [change.message for change in differences(before, mapping.rows)]
        return Version(note, mapping, changes)

    def restore(self, caller: Caller, object_type: ObjectType, version: int, bind: Bind) -> Saved:
        """Saves the rows of a version again, verified as every save."""
        _, mapping = self._of(caller, object_type, version)
        return self._service.save(caller, object_type, mapping.rows, bind, restored=version)

    def _of(self, caller: Caller, object_type: ObjectType, version: int) -> tuple[VersionNote, Mapping]:
        note, mapping = self._history.get(caller.tenant, object_type, version)
        if note.is_default:
            return note, replace(mapping, rows=self._service.default(caller, object_type))
        return note, mapping
