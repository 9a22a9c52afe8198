"""Requests about one row: create, retrieve, update, upsert, delete, single properties and references."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from local.emulators.dataverse import associations, deep_insert, errors, records
from local.emulators.dataverse.addresses import Segment, key_values, unquote_literal
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.expanding import expander
from local.emulators.dataverse.model import Kind, Property
from local.emulators.dataverse.odata.expansion import read_expand
from local.emulators.dataverse.odata.options import read_options, selected
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.reading import Shape, context, etag
from local.emulators.dataverse.schema import LOOKUPS
from local.emulators.dataverse.scope import Scope, primary_key
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.writing import BIND

ANY: Final = "*"


def json_object(body: bytes, entity_set: str) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.stream_not_readable(entity_set) from error
    if not isinstance(content, dict):
        raise errors.stream_not_readable(entity_set)
    return content


def create(scope: Scope, kit: TableKit, call: Call) -> Reply:
    """POST to an entity set."""
    return create_row(scope, kit, json_object(call.body, kit.table.entity_set), call=call)


def create_row(scope: Scope, kit: TableKit, body: Mapping[str, Any], *, call: Call) -> Reply:
    """The answer to a creation, with the rows that its body holds."""
    entity_set = kit.table.entity_set
    row_id = deep_insert.create(scope, kit, body)
    if scope.preferences.representation:
        reply = retrieve_row(scope, kit, row_id, query=call.query)
        reply.status = 201
        reply.headers["Preference-Applied"] = "return=representation"
        return reply
    address = f"{scope.root}/{entity_set}({row_id})"
    headers = {"OData-EntityId": address}
    if call.in_batch:
        headers["Location"] = address
    return Reply(204, headers, records=1)


def retrieve(scope: Scope, kit: TableKit, key: str, *, call: Call) -> Reply:
    """GET of a row; If-None-Match with the row's version answers 304."""
    row_id = scope.row_id(kit, key)
    reply = retrieve_row(scope, kit, row_id, query=call.query)
    known = call.headers.get("if-none-match", "")
    if known.startswith('W/"') and known == reply.headers.get("ETag") and scope.annotator(kit) is None:
        return Reply(304, {"ETag": known}, records=1)
    return reply


def retrieve_row(scope: Scope, kit: TableKit, row_id: str, *, query: str) -> Reply:
    """The representation of a row."""
    scope.require(Right.READ, kit)
    options = read_options(query)
    shape = Shape(kit.model, tuple(selected(kit.model, options.select)))
    fetched = _fetch(kit, shape.columns, row_id)
    if fetched is None:
        raise errors.row_missing(kit.model.name, row_id)
    (row,) = shape.rows([fetched], scope.annotator(kit))
    expands = read_expand(options.expand)
    if expands:
        expander(scope, expands).add(kit, [row], [row_id], expands)
    names = (*options.select, *(one.context for one in expands))
    described = context(scope.root, kit.table.entity_set, names, single=True)
    reply = json_reply({"@odata.context": described, **row}, records=1)
    reply.headers["ETag"] = row["@odata.etag"]
    return reply


def patch(scope: Scope, kit: TableKit, key: str, *, call: Call) -> Reply:
    """PATCH of a row: an update with If-Match, a creation with If-None-Match: *, else an upsert."""
    body = json_object(call.body, kit.table.entity_set)
    literals = key_values(kit.model, key)
    by_primary_key = list(literals) == [kit.table.primary_id]
    row_id = _existing(scope, kit, key, by_primary_key=by_primary_key)
    expected = call.headers.get("if-match", "")
    if row_id is not None and call.headers.get("if-none-match") == ANY:
        raise errors.key_exists()
    if row_id is None and expected:
        missing = primary_key(kit.model, literals[kit.table.primary_id]) if by_primary_key else ""
        raise (
            errors.row_missing(kit.model.name, missing)
            if missing
            else errors.row_missing_by_key(kit.model.name)
        )
    created = row_id is None
    if row_id is None:
        (row_id,) = records.create(scope, kit, [_with_key(scope, kit, literals, body=body)])
    else:
        check_version(kit, row_id, expected)
        named = {name for name in literals if name != kit.table.primary_id}
        records.update(scope, kit, [(row_id, {name: one for name, one in body.items() if name not in named})])
    return _written(scope, kit, row_id, call=call, key=key, created=created)


def remove(scope: Scope, kit: TableKit, key: str, *, call: Call) -> Reply:
    """DELETE of a row."""
    row_id = scope.row_id(kit, key)
    check_version(kit, row_id, call.headers.get("if-match", ""))
    records.delete(scope, kit, row_id)
    return Reply(204, records=1)


def below_row(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    """A single property, its raw value, or the reference of a lookup."""
    row_id = scope.row_id(kit, steps[0].key or "")
    name = steps[1].name
    suffix = steps[2].name if len(steps) > 2 else ""
    if name in kit.table.navigation and suffix in {"$ref", ""}:
        return _reference(scope, kit, row_id, name=name, call=call, is_reference=bool(suffix))
    prop = kit.model.properties.get(name)
    if prop is None or len(steps) > 3:
        raise errors.segment_not_found(name)
    if call.method == "GET":
        return _property_value(scope, kit, row_id, prop=prop, raw=suffix == "$value")
    if call.method == "PUT" and not suffix:
        content = json_object(call.body, kit.table.entity_set)
        if "value" not in content:
            raise errors.argument_missing("value")
        records.update(scope, kit, [(row_id, {prop.wire: content["value"]})])
        return Reply(204, records=1)
    if call.method == "DELETE" and not suffix:
        records.update(scope, kit, [(row_id, {prop.wire: None})])
        return Reply(204, records=1)
    raise errors.no_resource(f"{scope.root}/{call.path}")


def check_version(kit: TableKit, row_id: str, expected: str) -> None:
    """Refuses a write that expects another version of the row than there is."""
    if not expected or expected == ANY:
        return
    fetched = _fetch(kit, "versionnumber", row_id)
    if fetched is None:
        raise errors.row_missing(kit.model.name, row_id)
    if etag(fetched[0]) != expected:
        raise errors.version_mismatch()


def _existing(scope: Scope, kit: TableKit, key: str, *, by_primary_key: bool) -> str | None:
    try:
        row_id = scope.row_id(kit, key)
    except errors.DataverseError as error:
        if by_primary_key or error.status != 404:
            raise
        return None
    return row_id if kit.rows.exists(row_id) else None


def _with_key(
    scope: Scope, kit: TableKit, literals: Mapping[str, str], *, body: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of a creation by upsert: what the address says of the key, unless the body says otherwise."""
    if list(literals) == [kit.table.primary_id]:
        key: dict[str, Any] = {kit.table.primary_id: unquote_literal(literals[kit.table.primary_id])}
        return {**body, **key}
    key = {}
    for name, (_, given) in scope.key(kit, literals).items():
        column = kit.table.columns[name]
        if column.type in LOOKUPS:
            key |= _bind_for(scope, kit, name, str(given))
        else:
            key[name] = given
    return {**key, **body}


def _bind_for(scope: Scope, kit: TableKit, column: str, row_id: str) -> dict[str, str]:
    for bind, (source, target) in kit.table.navigation.items():
        found = scope.organization.kit(target)
        if source == column and found:
            return {bind + BIND: f"/{found.table.entity_set}({row_id})"}
    return {}


def _written(scope: Scope, kit: TableKit, row_id: str, *, call: Call, key: str, created: bool) -> Reply:
    if scope.preferences.representation:
        reply = retrieve_row(scope, kit, row_id, query=call.query)
        reply.status = 201 if created else 200
        reply.headers["Preference-Applied"] = "return=representation"
        return reply
    return Reply(204, {"OData-EntityId": f"{scope.root}/{kit.table.entity_set}({key})"}, records=1)


def _reference(
    scope: Scope, kit: TableKit, row_id: str, *, name: str, call: Call, is_reference: bool
) -> Reply:
    if call.method == "GET" and is_reference:
        return associations.single_reference(scope, kit, row_id, name=name)
    if call.method == "GET":
        return associations.single(scope, kit, row_id, name=name, call=call)
    if not is_reference:
        raise errors.no_resource(f"{scope.root}/{call.path}")
    if call.method == "PUT":
        target = json_object(call.body, kit.table.entity_set).get("@odata.id")
        if not isinstance(target, str):
            raise errors.argument_missing("@odata.id")
        records.update(scope, kit, [(row_id, {name + BIND: target})])
        return Reply(204, records=1)
    if call.method == "DELETE":
        records.update(scope, kit, [(row_id, {name + BIND: None})])
        return Reply(204, records=1)
    raise errors.no_resource(f"{scope.root}/{call.path}")


def _property_value(scope: Scope, kit: TableKit, row_id: str, *, prop: Property, raw: bool) -> Reply:
    scope.require(Right.READ, kit)
    shape = Shape(kit.model, (prop,))
    fetched = _fetch(kit, shape.columns, row_id)
    if fetched is None:
        raise errors.row_missing(kit.model.name, row_id)
    (row,) = shape.rows([fetched], None)
    value = row[prop.wire]
    if value is None:
        return Reply(204, records=1)
    if raw:
        text = str(value).lower() if prop.kind is Kind.FLAG else str(value)
        return Reply(200, {"Content-Type": "text/plain"}, text.encode(), 1)
    described = f"{scope.root}/$metadata#{kit.table.entity_set}({row_id})/{prop.wire}"
    return json_reply({"@odata.context": described, "value": value}, records=1)


def _fetch(kit: TableKit, columns: str, row_id: str) -> tuple[Any, ...] | None:
    statement = f"SELECT {columns} FROM {quoted(kit.model.name)} WHERE {quoted(kit.table.primary_id)} = ?"
    found: tuple[Any, ...] | None = kit.rows.store.connection.execute(statement, (row_id,)).fetchone()
    return found
