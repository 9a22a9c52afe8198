"""Rows created, changed and removed, with everything that Dataverse does on the way."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from local.emulators.dataverse import cascades, errors
from local.emulators.dataverse.computed import owner_changed, settle_state
from local.emulators.dataverse.duplicates import refuse_duplicates
from local.emulators.dataverse.files.images import ImageWriter
from local.emulators.dataverse.history import Change, Stamp, differences
from local.emulators.dataverse.model import TYPE_SUFFIX
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store_rows import Row
from local.emulators.dataverse.values import write_moment
from local.emulators.dataverse.writing import Resolver

Body = Mapping[str, Any]
OPEN: Final = 0


def create(scope: Scope, kit: TableKit, bodies: Sequence[Body]) -> list[str]:
    """The primary keys of new rows, all of them or none; the first bad row gives the error."""
    scope.require(Right.CREATE, kit)
    stamp = _creation_stamp(scope, kit)
    resolve = remembering(scope.resolve)
    rows: list[Row] = []
    with scope.organization.store.transaction():
        try:
            rows.extend(_new_row(scope, kit, body, stamp=stamp, resolve=resolve) for body in bodies)
        except errors.DataverseError:
            kit.rows.insert(rows)  # a taken key in an earlier row is the error that came first
            raise
        kit.rows.insert(rows)
    return [row[kit.table.primary_id] for row in rows]


def update(scope: Scope, kit: TableKit, changes: Sequence[tuple[str, Body]]) -> None:
    """Changes of rows by primary key, all of them or none; a missing row is an error."""
    scope.require(Right.WRITE, kit)
    resolve = remembering(scope.resolve)
    before = kit.rows.fetch([row_id for row_id, _ in changes], _known_before(scope, kit, changes))
    stamp = _change_stamp(scope, kit)
    revisions: list[tuple[str, list[Change]]] = []
    with scope.organization.store.transaction():
        for row_id, body in changes:
            if row_id not in before:
                raise errors.row_missing(kit.model.name, row_id)
            values = kit.changes.read(body, resolve)
            _refuse_closed(scope, kit, row_id, before=before[row_id], values=values)
            _settle_images(scope, kit, row_id, values, creating=False)
            kit.computed.fill(values, before[row_id])
            settle_state(kit.model, values, before[row_id], row_id)
            owner_changed(kit.model, values)
            kit.computed.shadow(values)
            refuse_duplicates(scope, kit, values, row_id)
            changed = differences(before[row_id], values)
            if changed:
                revisions.append((row_id, changed))
            kit.rows.update(
                row_id, {**values, **stamp, "versionnumber": scope.organization.store.next_version()}
            )
        _note(scope, kit, revisions)


def delete(scope: Scope, kit: TableKit, row_id: str) -> None:
    """Removes a row, and what its relationships say that goes with it."""
    scope.require(Right.DELETE, kit)
    with scope.organization.store.transaction():
        if not kit.rows.delete(row_id):
            raise errors.row_missing(kit.model.name, row_id)
        if kit.files:
            scope.organization.files.remove_row(kit.model.name, row_id)
        _note(scope, kit, [(row_id, [])])
        cascades.follow(scope, kit, row_id, delete)


def set_directly(scope: Scope, kit: TableKit, row_id: str, values: Row) -> None:
    """Sets columns that bodies cannot write, such as the id of a file."""
    scope.require(Right.WRITE, kit)
    before = kit.rows.fetch([row_id], list(values))[row_id]
    version = scope.organization.store.next_version()
    kit.rows.update(row_id, {**values, **_change_stamp(scope, kit), "versionnumber": version})
    _note(scope, kit, [(row_id, differences(before, values))])


def _settle_images(scope: Scope, kit: TableKit, row_id: str, values: Row, *, creating: bool) -> None:
    given = [column for column in kit.images if column.name in values]
    if given:
        writer = ImageWriter(scope.organization.files, kit.table, scope.organization.clock.seconds())
        writer.settle(given, row_id, values, creating=creating)


def remembering(resolve: Resolver) -> Resolver:
    """A resolver that looks each address up once."""
    known: dict[tuple[str, str], tuple[str, str]] = {}

    def look_up(target: str, address: str) -> tuple[str, str]:
        key = (target, address)
        if key not in known:
            known[key] = resolve(target, address)
        return known[key]

    return look_up


def _new_row(scope: Scope, kit: TableKit, body: Body, *, stamp: Row, resolve: Resolver) -> Row:
    values = kit.new.read(body, resolve)
    if kit.numbered:
        scope.organization.numbers.fill(kit.table, kit.numbered, values, scope.organization.clock.now())
    primary_id = kit.table.primary_id
    row_id = values.get(primary_id) or str(uuid4())
    values[primary_id] = row_id
    _settle_images(scope, kit, row_id, values, creating=True)
    kit.computed.fill(values, {})
    settle_state(kit.model, values, {}, row_id)
    owner_changed(kit.model, values)
    kit.computed.shadow(values)
    refuse_duplicates(scope, kit, values, row_id)
    row = {**stamp, **values, "versionnumber": scope.organization.store.next_version()}
    overridden = values.get("overriddencreatedon")
    if overridden is not None:
        # "overriddencreatedon" of an import becomes the creation date, and says itself when that happened.
        row["createdon"], row["overriddencreatedon"] = overridden, stamp["createdon"]
    return row


def _creation_stamp(scope: Scope, kit: TableKit) -> Row:
    moment = write_moment(scope.organization.clock.now())
    user = scope.caller.id
    wanted = {
        "createdon": moment,
        "modifiedon": moment,
        "createdby": user,
        "modifiedby": user,
        "createdonbehalfby": scope.real_caller.id if scope.real_caller else None,
        "ownerid": user,
        "owninguser": user,
        "owningbusinessunit": scope.organization.business_unit,
    }
    stamp = {name: value for name, value in wanted.items() if value is not None and name in kit.table.columns}
    if "ownerid" in kit.model.typed_lookups:
        stamp["ownerid" + TYPE_SUFFIX] = "systemuser"
    return stamp


def _change_stamp(scope: Scope, kit: TableKit) -> Row:
    wanted = {
        "modifiedon": write_moment(scope.organization.clock.now()),
        "modifiedby": scope.caller.id,
        "modifiedonbehalfby": scope.real_caller.id if scope.real_caller else None,
    }
    return {name: value for name, value in wanted.items() if name in kit.table.columns}


def _known_before(scope: Scope, kit: TableKit, changes: Sequence[tuple[str, Body]]) -> list[str]:
    """The columns whose old values a change needs: for what is computed, and for the history."""
    told = scope.organization.settings.history_entries > 0
    known: set[str] = set()
    for names in {tuple(body) for _, body in changes}:
        written = kit.changes.columns(names)
        known |= kit.computed.inputs(written)
        known |= written if told else set()
    return sorted(known)


def _note(scope: Scope, kit: TableKit, revisions: Sequence[tuple[str, Sequence[Change]]]) -> None:
    stamp = Stamp(write_moment(scope.organization.clock.now()), scope.caller.id)
    limit = scope.organization.settings.history_entries
    scope.organization.history.add(kit.model.name, revisions, stamp, limit=limit)


def _refuse_closed(
    scope: Scope, kit: TableKit, row_id: str, *, before: Row, values: Mapping[str, Any]
) -> None:
    """A qualified or disqualified lead changes only by being opened again."""
    closed = kit.model.name == "lead" and before.get("statecode") not in {OPEN, None}
    if closed and scope.organization.settings.read_only_leads and values.get("statecode") != OPEN:
        raise errors.read_only(kit.model.name, row_id)
