"""Requests on a navigation property of one row: what stands behind it, associating, disassociating."""

from typing import Final
from uuid import uuid4

from local.emulators.dataverse import errors, queries, records, row_requests
from local.emulators.dataverse.addresses import Segment, segments, split_root
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.relations import Collection, Linked, Pointing
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.writing import BIND

REFERENCE: Final = "$ref"
MOST: Final = 5000  # addresses in one answer


def is_collection(scope: Scope, kit: TableKit, name: str) -> bool:
    """Whether a table has a collection-valued navigation property of this name."""
    return name in scope.organization.collections(kit.model.name)


def collection(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    """The answer to a request below `accounts(id)/contact_customer_accounts`."""
    row_id = scope.row_id(kit, steps[0].key or "")
    step = steps[1]
    found = scope.organization.collections(kit.model.name)[step.name]
    other = scope.organization.kit(found.table)
    if other is None:
        raise errors.segment_not_found(step.name)
    if not kit.rows.exists(row_id):
        raise errors.row_missing(kit.model.name, row_id)
    suffix = steps[2].name if len(steps) > 2 else ""
    if suffix == REFERENCE:
        return _reference(scope, (kit, row_id), (other, found), step=step, call=call)
    address = f"{kit.table.entity_set}({row_id})/{step.name}"
    condition = found.condition("?", "", other.table.primary_id)
    within = queries.Within(condition, row_id, address)
    if call.method == "GET" and suffix == "$count":
        return queries.count_rows(scope, other, call.query, within)
    if call.method == "GET" and not suffix and step.key is None:
        return queries.list_rows(scope, other, call.query, within)
    creates = call.method == "POST" and not suffix and step.key is None
    if creates and isinstance(found, Pointing):
        body = row_requests.json_object(call.body, other.table.entity_set)
        address = f"/{kit.table.entity_set}({row_id})"
        return row_requests.create_row(scope, other, {**body, found.bind + BIND: address}, call=call)
    raise errors.no_resource(f"{scope.root}/{call.path}")


def single(scope: Scope, kit: TableKit, row_id: str, *, name: str, call: Call) -> Reply:
    """GET of the row behind a lookup; 204 where it points nowhere."""
    table, target = _behind(scope, kit, row_id, name=name)
    other = scope.organization.kit(table)
    if other is None or not target:
        return Reply(204, records=1)
    return row_requests.retrieve_row(scope, other, target, query=call.query)


def single_reference(scope: Scope, kit: TableKit, row_id: str, *, name: str) -> Reply:
    """GET of the address of the row behind a lookup."""
    table, target = _behind(scope, kit, row_id, name=name)
    other = scope.organization.kit(table)
    if other is None or not target:
        return Reply(204, records=1)
    address = f"{scope.root}/{other.table.entity_set}({target})"
    return json_reply({"@odata.context": f"{scope.root}/$metadata#$ref", "@odata.id": address}, records=1)


def _behind(scope: Scope, kit: TableKit, row_id: str, *, name: str) -> tuple[str, str]:
    scope.require(Right.READ, kit)
    column, target = kit.table.navigation[name]
    typed = column + "~t"
    names = [column, typed] if column in kit.model.typed_lookups else [column]
    found = kit.rows.fetch([row_id], names).get(row_id)
    if found is None:
        raise errors.row_missing(kit.model.name, row_id)
    table = found.get(typed) or ("systemuser" if target == "owner" else target)
    return (table, found[column] or "") if target in {table, "owner"} else (table, "")


Side = tuple[TableKit, str]
Far = tuple[TableKit, Collection]


def _reference(scope: Scope, near: Side, far: Far, *, step: Segment, call: Call) -> Reply:
    if call.method == "GET":
        return _references(scope, near, far)
    other, found = far
    if call.method == "POST":
        address = row_requests.json_object(call.body, other.table.entity_set).get("@odata.id")
        if not isinstance(address, str):
            raise errors.argument_missing("@odata.id")
        associate(scope, near, (other, _named(scope, other, address)), found=found)
        return Reply(204, records=1)
    if call.method == "DELETE":
        key = step.key
        address = f"{other.table.entity_set}({key})" if key else split_query(call.query).get("$id", "")
        _disassociate(scope, near, (other, _named(scope, other, address)), found=found)
        return Reply(204, records=1)
    raise errors.no_resource(f"{scope.root}/{call.path}")


def _references(scope: Scope, near: Side, far: Far) -> Reply:
    other, found = far
    scope.require(Right.READ, other)
    key = other.table.primary_id
    own = f"{quoted(key)} FROM {quoted(other.model.name)}"
    statement = f"SELECT {own} WHERE {found.condition('?', '', key)} LIMIT {MOST}"
    rows = other.rows.store.connection.execute(statement, (near[1],)).fetchall()
    value = [{"@odata.id": f"{scope.root}/{other.table.entity_set}({row_id})"} for (row_id,) in rows]
    context = f"{scope.root}/$metadata#Collection($ref)"
    return json_reply({"@odata.context": context, "value": value}, records=len(value))


def _named(scope: Scope, kit: TableKit, address: str) -> str:
    steps = segments(split_root(address)[1])
    if len(steps) != 1 or steps[0].name != kit.table.entity_set or steps[0].key is None:
        raise errors.payload_refused(address, "Microsoft.OData.ODataException: Invalid resource path.")
    row_id = scope.row_id(kit, steps[0].key)
    if not kit.rows.exists(row_id):
        raise errors.row_missing(kit.model.name, row_id)
    return row_id


def associate(scope: Scope, near: Side, far: Side, *, found: Collection) -> None:
    """Makes the far row one of the near row's collection."""
    (kit, row_id), (other, other_id) = near, far
    if isinstance(found, Pointing):
        address = f"/{kit.table.entity_set}({row_id})"
        records.update(scope, other, [(other_id, {found.bind + BIND: address})])
        return
    scope.require(Right.WRITE, kit)
    pairs = _pairs(scope, found)
    known = f"SELECT 1 FROM {quoted(pairs.model.name)} WHERE {_same_pair(found)}"
    if pairs.rows.store.connection.execute(known, (row_id, other_id)).fetchone():
        raise errors.key_exists()
    version = scope.organization.store.next_version()
    row = {pairs.table.primary_id: str(uuid4()), found.here: row_id, found.there: other_id}
    stored = dict(pairs.model.stored())
    pairs.rows.insert([row | ({"versionnumber": version} if "versionnumber" in stored else {})])


def _disassociate(scope: Scope, near: Side, far: Side, *, found: Collection) -> None:
    (kit, row_id), (other, other_id) = near, far
    if isinstance(found, Pointing):
        if other.rows.fetch([other_id], [found.column])[other_id][found.column] == row_id:
            records.update(scope, other, [(other_id, {found.bind + BIND: None})])
        return
    scope.require(Right.WRITE, kit)
    pairs = _pairs(scope, found)
    gone = (
        f"DELETE FROM {quoted(pairs.model.name)} WHERE {quoted(found.here)} = ? AND {quoted(found.there)} = ?"
    )
    pairs.rows.store.connection.execute(gone, (row_id, other_id))


def _same_pair(found: Linked) -> str:
    return f"{quoted(found.here)} = ? AND {quoted(found.there)} = ?"


def _pairs(scope: Scope, found: Linked) -> TableKit:
    kit = scope.organization.kit(found.intersect)
    if kit is None:
        raise errors.entity_missing(found.intersect)
    return kit
