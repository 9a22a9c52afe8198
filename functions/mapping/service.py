"""Reads, verifies and saves the mappings of the caller's tenant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from functions.identity import Caller
from functions.mapping.history import Bind, History, names
from functions.mapping.overtaken import overtaken
from functions.mapping.stores import MappingStores
from shared import log
from shared.domain.audit import AuditAction
from shared.domain.compiled.lookups import Targets
from shared.domain.default_mapping import default_rows, left_out_rows
from shared.domain.errors import Problem, ServiceError, Stale, Unverified
from shared.domain.fields import ColumnCatalog, VendorField
from shared.domain.ids import ObjectType
from shared.domain.mapping import Mapping as SavedMapping
from shared.domain.mapping import MappingRow
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import verify
from shared.storage.defaults import DEFAULT_ETAG
from shared.storage.table import Changed, Stored

Columns = Callable[[Caller, ObjectType], ColumnCatalog]
"""The columns of an object in the organization of the caller's tenant."""

Rows = Sequence[MappingRow]

TargetsOf = Callable[[Caller, Rows], Targets]
"""The tables that the lookups of rows point at, in the organization of the caller's tenant."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that nothing has to be adjusted in, and what is to be known about them all the same."""

    rows: Rows
    warnings: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class Saved:
    """A mapping that was verified and saved, with its new tag."""

    mapping: SavedMapping
    etag: str
    warnings: Sequence[Problem]


Check = Callable[[Caller, ObjectType, Rows, ColumnCatalog], list[Problem]]
"""Looks at rows that are verified, and warns."""


class MappingService:
    """The mapping of each object, of one tenant at a time."""

    def __init__(
        self,
        stores: MappingStores,
        columns: Columns,
        targets: TargetsOf,
        *,
        fresh_columns: Columns,
        watch: Sequence[Check],
        checks: Sequence[Check],
    ) -> None:
        """`watch` are the quick checks, for every look at a mapping; `checks` come in with Verify."""
        self._stores = stores
        self._history = History(stores)
        self._columns = columns
        self._fresh_columns = fresh_columns
        self._targets = targets
        self._watch = tuple(watch)
        self._checks = (*watch, *checks)

    def vendor_fields(self, object_type: ObjectType) -> Mapping[str, VendorField]:
        """What can be mapped."""
        return vendor_fields(object_type)

    def columns(self, caller: Caller, object_type: ObjectType) -> ColumnCatalog:
        """What it can be mapped to, in the tenant's organization."""
        return self._columns(caller, object_type)

    def read(self, caller: Caller, object_type: ObjectType) -> Stored[SavedMapping]:
        """The mapping in force: the saved one, or the default one for the tenant's organization."""
        stored = self._stores.mappings.get(caller.tenant, object_type)
        if stored.value is not None:
            return Stored(stored.value, stored.etag)
        return Stored(
            SavedMapping(object_type=object_type, rows=self.default(caller, object_type)), stored.etag
        )

    def default(self, caller: Caller, object_type: ObjectType) -> tuple[MappingRow, ...]:
        """The default rows that the tenant's organization has columns for."""
        return default_rows(object_type, self._columns(caller, object_type))

    def watch(self, caller: Caller, object_type: ObjectType, mapping: SavedMapping) -> list[Problem]:
        """What has changed in the organization since the rows were saved, or why nobody could look.

        Of the default mapping, also what the organization has no columns for.
        """
        try:
            left_out = left_out_rows(object_type, self._columns(caller, object_type))
            changed = self._warnings(self._watch, caller, object_type, mapping.rows)
            return changed if mapping.version else changed + left_out
        except ServiceError as error:
            log.info("mapping not compared", object=object_type, code=error.code)
            message = f"The rows were not compared with your organization: {error.message}"
            return [Problem("organizationNotRead", message)]

    def problems(self, caller: Caller, object_type: ObjectType, rows: Rows) -> list[Problem]:
        """Everything that keeps the rows from being saved.

        Before anything is refused the organization is asked anew: the column may have been made just now.
        """
        fields, targets = vendor_fields(object_type), self._targets(caller, rows)
        if not verify(rows, fields, self._columns(caller, object_type), targets):
            return []
        return verify(rows, fields, self._fresh_columns(caller, object_type), targets)

    def verify(self, caller: Caller, object_type: ObjectType, rows: Rows | None) -> Checked:
        """The rows, or those in force, when nothing is wrong with them; Unverified names what is."""
        found = self.read(caller, object_type).value.rows if rows is None else rows
        problems = self.problems(caller, object_type, found)
        if problems:
            count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
            raise Unverified(
                "mappingUnverified",
                f"The mapping has {count} to put right, and was not saved; “errors” names each.",
                problems=problems,
            )
        return Checked(found, self._warnings(self._checks, caller, object_type, found))

    def save(
        self,
        caller: Caller,
        object_type: ObjectType,
        rows: Rows,
        bind: Bind,
        *,
        restored: int | None = None,
    ) -> Saved:
        """Verifies and saves, over the state that the caller read; Stale tells what differs from it."""
        etag = self._bound(caller, object_type, bind, rows)
        checked = self.verify(caller, object_type, rows)
        try:
            before, saved = self._replace(caller, object_type, checked.rows, etag)
        except Changed as error:
            raise self._overtaken(caller, object_type, bind, rows) from error
        self._history.add(caller.tenant, saved, restored=restored)
        subject = f"mapping/{object_type}"
        self._stores.trail.note(caller, AuditAction.MAPPING_SAVED, subject, before=before, after=saved.value)
        log.info("mapping saved", object=object_type, version=saved.value.version, rows=len(rows))
        return Saved(saved.value, saved.etag, checked.warnings)

    def restore_default(self, caller: Caller, object_type: ObjectType, bind: Bind) -> None:
        """Forgets the saved mapping; its history stays, and says who did so."""
        etag = self._bound(caller, object_type, bind, None)
        before = self._stores.mappings.get(caller.tenant, object_type).value
        try:
            self._stores.mappings.delete(caller.tenant, object_type, etag)
        except Changed as error:
            raise self._overtaken(caller, object_type, bind, None) from error
        if before is not None:
            self._history.add_default(caller, before)
        subject = f"mapping/{object_type}"
        self._stores.trail.note(caller, AuditAction.MAPPING_RESTORED, subject, before=before)
        log.info("mapping restored to the default", object=object_type)

    def _replace(
        self, caller: Caller, object_type: ObjectType, rows: Rows, etag: str | None
    ) -> tuple[SavedMapping | None, Stored[SavedMapping]]:
        """What was there, and what is there now. Bound to nothing, it goes on until nobody is in between."""
        while True:
            latest = self._history.latest(caller.tenant, object_type)
            before = self._stores.mappings.get(caller.tenant, object_type)
            mapping = SavedMapping(
                object_type=object_type,
                rows=tuple(rows),
                version=1 + max(latest, before.value.version if before.value else 0),
                updated_by=caller.user,
                updated_at=self._stores.clock(),
            )
            try:
                tag = self._stores.mappings.replace(caller.tenant, mapping, etag or before.etag)
            except Changed:
                if etag is not None:
                    raise
                continue
            return before.value, Stored(mapping, tag)

    def _bound(self, caller: Caller, object_type: ObjectType, bind: Bind, rows: Rows | None) -> str | None:
        try:
            return bind(self._stores.mappings.get(caller.tenant, object_type).etag)
        except Stale as error:
            raise self._overtaken(caller, object_type, bind, rows) from error

    def _overtaken(self, caller: Caller, object_type: ObjectType, bind: Bind, rows: Rows | None) -> Stale:
        present = self.read(caller, object_type).value
        base: Rows | None = self._history.rows_named(caller.tenant, object_type, bind)
        if base is None and names(bind, DEFAULT_ETAG):
            base = self.default(caller, object_type)
        newest = next(iter(self._history.notes(caller.tenant, object_type)), None)
        return overtaken(present.rows, newest, base=base, sent=rows)

    def _warnings(
        self, checks: Sequence[Check], caller: Caller, object_type: ObjectType, rows: Rows
    ) -> list[Problem]:
        columns = self._columns(caller, object_type)
        return [warning for check in checks for warning in check(caller, object_type, rows, columns)]
