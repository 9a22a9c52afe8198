"""Reads, verifies, saves and tries the mappings of the caller's tenant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from functions.identity import Caller
from functions.mapping.preview import Previewer
from functions.trail import AuditTrail
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.default_mapping import default_rows
from shared.domain.errors import Unverified
from shared.domain.fields import ColumnCatalog, VendorField
from shared.domain.ids import ObjectType
from shared.domain.mapping import Mapping as SavedMapping
from shared.domain.mapping import MappingRow
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify
from shared.storage.mappings import MappingStore
from shared.storage.table import Stored

Columns = Callable[[Caller, ObjectType], ColumnCatalog]
"""The columns of an object in the organization of the caller's tenant."""


class MappingService:
    """The mapping of each object, of one tenant at a time."""

    def __init__(
        self, store: MappingStore, columns: Columns, clock: Callable[[], datetime], trail: AuditTrail
    ) -> None:
        self._store = store
        self._trail = trail
        self._columns = columns
        self._clock = clock

    def vendor_fields(self, object_type: ObjectType) -> Mapping[str, VendorField]:
        """What can be mapped."""
        return vendor_fields(object_type)

    def columns(self, caller: Caller, object_type: ObjectType) -> ColumnCatalog:
        """What it can be mapped to, in the tenant's organization."""
        return self._columns(caller, object_type)

    def read(self, caller: Caller, object_type: ObjectType) -> Stored[SavedMapping]:
        """The mapping in force: the saved one, or the default one for the tenant's organization."""
        stored = self._store.get(caller.tenant, object_type)
        if stored.value is not None:
            return Stored(stored.value, stored.etag)
        rows = default_rows(object_type, self._columns(caller, object_type))
        return Stored(SavedMapping(object_type=object_type, rows=rows), stored.etag)

    def etag(self, caller: Caller, object_type: ObjectType) -> str:
        """Names the present state of the mapping."""
        return self._store.get(caller.tenant, object_type).etag

    def verify(
        self, caller: Caller, object_type: ObjectType, rows: Sequence[MappingRow] | None
    ) -> Sequence[MappingRow]:
        """The rows, or those in force, when nothing is wrong with them; Unverified names what is."""
        found = self._rows(caller, object_type, rows)
        problems = verify(found, vendor_fields(object_type), self._columns(caller, object_type))
        if problems:
            count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
            raise Unverified(
                "mappingUnverified",
                f"The mapping has {count} to put right, and was not saved; “errors” names each.",
                problems=problems,
            )
        return found

    def save(
        self, caller: Caller, object_type: ObjectType, rows: Sequence[MappingRow], etag: str | None
    ) -> Stored[SavedMapping]:
        """Verifies and saves, over the state that `etag` names, or over any when None."""
        verified = self.verify(caller, object_type, rows)
        before = self._store.get(caller.tenant, object_type).value
        mapping = SavedMapping(
            object_type=object_type,
            rows=tuple(verified),
            version=1 + (before.version if before else 0),
            updated_by=caller.user,
            updated_at=self._clock(),
        )
        saved = Stored(mapping, self._store.replace(caller.tenant, mapping, etag))
        subject = f"mapping/{object_type}"
        self._trail.note(caller, AuditAction.MAPPING_SAVED, subject, before=before, after=mapping)
        log.info("mapping saved", object=object_type, version=mapping.version, rows=len(rows))
        return saved

    def restore_default(self, caller: Caller, object_type: ObjectType, etag: str | None) -> None:
        """Forgets the saved mapping."""
        before = self._store.get(caller.tenant, object_type).value
        self._store.delete(caller.tenant, object_type, etag)
        self._trail.note(caller, AuditAction.MAPPING_RESTORED, f"mapping/{object_type}", before=before)
        log.info("mapping restored to the default", object=object_type)

    def previewer(
        self, caller: Caller, object_type: ObjectType, rows: Sequence[MappingRow] | None
    ) -> Previewer:
        """The rows, or those in force, ready to show what they do."""
        found = self._rows(caller, object_type, rows)
        return Previewer(found, self._columns(caller, object_type), vendor_fields(object_type))

    def _rows(
        self, caller: Caller, object_type: ObjectType, rows: Sequence[MappingRow] | None
    ) -> Sequence[MappingRow]:
        return self.read(caller, object_type).value.rows if rows is None else rows
