"""The metadata endpoints of one organization: EntityDefinitions and what hangs on them."""

# Where this differs from the service, or follows no live answer: a table or column that is not there answers
# 404 with code 0x80060888 and "EntityMetadata With Id = LogicalName='x' does not exist." (seen in several
# public clients; for columns by analogy); $orderby, $top and $skip are refused.

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from local.emulators.dataverse.metadata_attributes import (
    DERIVED,
    PLAIN,
    attribute,
    base_properties,
    derived_type,
    option_sets,
    type_annotation,
)
from local.emulators.dataverse.metadata_entities import entity, keys
from local.emulators.dataverse.metadata_errors import (
    MetadataError,
    definition_missing,
    property_missing,
    segment_missing,
)
from local.emulators.dataverse.metadata_options import global_option_set
from local.emulators.dataverse.metadata_parts import CRM, Json, metadata_id
from local.emulators.dataverse.metadata_query import Shape, keep, predicate, read_shape, split_outside
from local.emulators.dataverse.metadata_relationships import (
    MANY_TO_MANY,
    ONE_TO_MANY,
    SHARED,
    every_relationship,
    many_to_many,
    many_to_one,
    one_to_many,
)
from local.emulators.dataverse.metadata_relationships import PLAIN as PLAIN_RELATIONSHIP
from local.emulators.dataverse.schema import Column, GlobalChoice, Table

__all__ = ["MetadataError", "answer", "is_metadata_path"]

ROOTS = (
    "EntityDefinitions",
    "GlobalOptionSetDefinitions",
    "RelationshipDefinitions",
    "RetrieveMetadataChanges",
)
CASTS = {f"{CRM}{name}" for name in DERIVED.values()}
SEGMENT = re.compile(r"(?P<name>[\w.]+)(?:\((?P<key>.*)\))?", re.DOTALL)
KEY = re.compile(
    r"(?:(?P<by>LogicalName|SchemaName|Name)='(?P<name>[^']*)'|(?:MetadataId=)?(?P<id>[0-9a-fA-F-]{36}))"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the metadata a request stands: the tables, the address so far, the wanted shape."""

    tables: Mapping[str, Table]
    context: str
    shape: Shape
    choices: Mapping[str, GlobalChoice] = field(default_factory=dict)

    def within(self, more: str) -> "_Place":
        return replace(self, context=self.context + more)


def is_metadata_path(path: str) -> bool:
    """Whether `answer` is to be asked for this path."""
    return path.lstrip("/").partition("(")[0].partition("/")[0] in ROOTS


def answer(
    path: str,
    query: Mapping[str, str],
    tables: Mapping[str, Table],
    organization_url: str,
    *,
    choices: Mapping[str, GlobalChoice] | None = None,
) -> Json:
    """The body of a GET; `path` is decoded and stands below /api/data/v9.2/. Refusals are MetadataError."""
    segments = split_outside(path, "/") or [""]
    root, key = _segment(segments[0])
    context = f"{organization_url}/api/data/v9.2/$metadata#{root}"
    place = _Place(tables, context, read_shape(query), choices or {})
    if root == "GlobalOptionSetDefinitions":
        return _global_option_sets(key, place)
    if root == "RelationshipDefinitions":
        return _relationships(key, segments[1:], place)
    if root != "EntityDefinitions":
        raise segment_missing(root)
    if key is None:
        return _listing([_entity(table, place) for table in _chosen(place)], place)
    table = _table(key, tables)
    if len(segments) == 1:
        return {"@odata.context": f"{place.context}{place.shape.context}/$entity"} | _entity(table, place)
    return _below_table(table, segments[1:], place.within(f"('{table.logical_name}')"))


def _segment(text: str) -> tuple[str, str | None]:
    match = SEGMENT.fullmatch(text)
    if match is None:
        raise segment_missing(text)
    return match["name"], match["key"]


def _listing(rows: list[Json], place: _Place) -> Json:
    counted = {"@odata.count": len(rows)} if place.shape.count else {}
    return {"@odata.context": place.context + place.shape.context} | counted | {"value": rows}


def _global_option_sets(key: str | None, place: _Place) -> Json:
    if place.shape.where is not None:
        raise MetadataError(405, "0x80060888", "The query parameter $filter is not supported")
    rows = {name: global_option_set(choice) for name, choice in place.choices.items()}
    kind = {"@odata.type": f"#{CRM}OptionSetMetadata"}
    if key is None:
        return _listing([kind | keep(row, place.shape, "OptionSetMetadata") for row in rows.values()], place)
    found = _by_key(key, {name: str(row["MetadataId"]) for name, row in rows.items()})
    if found is None:
        raise definition_missing("OptionSetMetadata", key)
    row = kind | keep(rows[found], place.shape, "OptionSetMetadata")
    return {"@odata.context": f"{place.context}{place.shape.context}/$entity"} | row


def _relationships(key: str | None, segments: list[str], place: _Place) -> Json:
    """All relationships, or one; without a cast, $select and $filter know the common properties only."""
    cast = _relationship_cast(segments[0]) if segments else None
    place = place.within(f"/{CRM}{cast}" if cast else "")
    rows = [row for row in every_relationship(place.tables) if cast in {None, _type_of(row)}]
    if key is not None:
        ids = {str(row["SchemaName"]): str(row["MetadataId"]) for row in rows}
        found = _by_key(key, ids)
        if found is None:
            raise definition_missing(cast or PLAIN_RELATIONSHIP, key)
        row = _shown(next(row for row in rows if row["SchemaName"] == found), cast, place.shape)
        return {"@odata.context": f"{place.context}{place.shape.context}/$entity"} | row
    fits = predicate(place.shape.where, cast or PLAIN_RELATIONSHIP)
    rows = [row for row in rows if fits(row if cast else {name: row[name] for name in SHARED})]
    return _listing([_shown(row, cast, place.shape) for row in rows], place)


def _shown(row: Json, cast: str | None, shape: Shape) -> Json:
    if cast:
        return keep({name: one for name, one in row.items() if name != "@odata.type"}, shape, cast)
    known = row if shape.select is None else {name: row[name] for name in (*SHARED, "@odata.type")}
    return keep(known, shape, PLAIN_RELATIONSHIP)


def _relationship_cast(segment: str) -> str:
    cast = segment.removeprefix(CRM)
    if cast not in {ONE_TO_MANY, MANY_TO_MANY}:
        raise segment_missing(segment)
    return cast


def _type_of(row: Json) -> str:
    return str(row["@odata.type"]).removeprefix(f"#{CRM}")


def _chosen(place: _Place) -> list[Table]:
    fits = predicate(place.shape.where, "EntityMetadata")
    return [table for table in place.tables.values() if fits(entity(table))]


def _table(key: str, tables: Mapping[str, Table]) -> Table:
    found = _by_key(key, {table.logical_name: metadata_id(table.logical_name) for table in tables.values()})
    if found is None:
        raise definition_missing("EntityMetadata", key)
    return tables[found]


def _by_key(key: str, ids: Mapping[str, str]) -> str | None:
    match = KEY.fullmatch(key.strip())
    if match is None:
        return None
    if match["by"]:
        return match["name"] if match["name"] in ids else None
    return next((name for name, its_id in ids.items() if its_id == match["id"].lower()), None)


def _entity(table: Table, place: _Place) -> Json:
    row = keep(entity(table), place.shape, "EntityMetadata")
    for name, shape in place.shape.expand.items():
        if name not in _COLLECTIONS:
            raise property_missing(name, "EntityMetadata")
        row[name] = _collection(table, name, _Place(place.tables, "", shape, place.choices))
    return row


def _collection(table: Table, name: str, place: _Place) -> list[Json]:
    if name == "Attributes":
        return _attributes(table, None, place)
    kind = _COLLECTIONS[name]
    fits = predicate(place.shape.where, kind)
    rows = _related(table, name, place.tables)
    return [keep(row, place.shape, kind) for row in rows if fits(row)]


def _related(table: Table, name: str, tables: Mapping[str, Table]) -> list[Json]:
    match name:
        case "Keys":
            return keys(table)
        case "ManyToOneRelationships":
            return many_to_one(table, tables)
        case "OneToManyRelationships":
            return one_to_many(table, tables)
        case _:
            return many_to_many(table, tables)


_COLLECTIONS = {
    "Attributes": PLAIN,
    "Keys": "EntityKeyMetadata",
    "ManyToOneRelationships": "OneToManyRelationshipMetadata",
    "OneToManyRelationships": "OneToManyRelationshipMetadata",
    "ManyToManyRelationships": "ManyToManyRelationshipMetadata",
}


def _below_table(table: Table, segments: list[str], place: _Place) -> Json:
    name, key = _segment(segments[0])
    if name not in _COLLECTIONS:
        raise segment_missing(name)
    place = place.within(f"/{name}")
    if name != "Attributes":
        if len(segments) > 1:
            raise segment_missing(segments[1])
        if key is not None:
            return _one_of(table, name, key, place)
        return _listing(_collection(table, name, place), place)
    if key is not None:
        return _one_attribute(table, _column(table, key), segments[1:], place)
    if len(segments) > 2:
        raise segment_missing(segments[2])
    cast = _cast(segments[1]) if len(segments) > 1 else None
    place = place.within(f"/{CRM}{cast}" if cast else "")
    return _listing(_attributes(table, cast, place), place)


def _one_of(table: Table, name: str, key: str, place: _Place) -> Json:
    """A key or a relationship of the table, by its own key."""
    kind = _COLLECTIONS[name]
    rows = {str(row["SchemaName"]): row for row in _related(table, name, place.tables)}
    ids = {one: str(row["MetadataId"]) for one, row in rows.items()}
    ids |= {str(row.get("LogicalName")): str(row["MetadataId"]) for row in rows.values()}
    found = _by_key(key, ids)
    row = next((one for one in rows.values() if one["MetadataId"] == ids.get(found or "")), None)
    if row is None:
        raise definition_missing(kind, key)
    context = f"{place.context}{place.shape.context}/$entity"
    return {"@odata.context": context} | keep(row, place.shape, kind)


def _cast(segment: str) -> str:
    if segment not in CASTS:
        raise segment_missing(segment)
    return segment.removeprefix(CRM)


def _column(table: Table, key: str) -> Column:
    ids = {name: metadata_id(table.logical_name, name) for name in table.columns}
    found = _by_key(key, ids)
    if found is None:
        raise definition_missing("AttributeMetadata", key)
    return table.columns[found]


def _attributes(table: Table, cast: str | None, place: _Place) -> list[Json]:
    columns = [one for one in table.columns.values() if cast in {None, derived_type(one)}]
    if place.shape.where is not None:
        fits = predicate(place.shape.where, cast or PLAIN)
        columns = [one for one in columns if fits(attribute(table, one))]
    return [_attribute(table, column, cast, place) for column in columns]


def _attribute(table: Table, column: Column, cast: str | None, place: _Place) -> Json:
    """The column's row; without a cast, $select knows the common properties only, as in the service."""
    shape = place.shape
    if cast is None:
        cut = shape.select is not None
        row = base_properties(table, column) if cut else attribute(table, column)
        return type_annotation(column) | keep(row, shape, PLAIN) | _opened({}, shape, PLAIN)
    row = keep(attribute(table, column), shape, cast)
    return row | _opened(option_sets(table, column, place.choices), shape, cast)


def _opened(sets: Json, shape: Shape, kind: str) -> Json:
    """The navigation properties that $expand names, cut to their own selection."""
    opened: Json = {}
    for name, inner in shape.expand.items():
        if name not in sets:
            raise property_missing(name, kind)
        opened[name] = sets[name] and keep(sets[name], inner, "OptionSetMetadata")
    return opened


def _one_attribute(table: Table, column: Column, segments: list[str], place: _Place) -> Json:
    """One column by its key, perhaps cast, perhaps only its option set."""
    cast = _cast(segments[0]) if segments else None
    if cast and cast != derived_type(column):
        raise definition_missing(cast, f"LogicalName='{column.name}'")
    if len(segments) < 2:
        place = place.within(f"/{CRM}{cast}" if cast else "")
        row = _attribute(table, column, cast, place)
        return {"@odata.context": f"{place.context}{place.shape.context}/$entity"} | row
    sets = option_sets(table, column, place.choices) if cast else {}
    if not sets.get(segments[1]):
        raise segment_missing(segments[1])
    place = place.within(f"('{column.name}')/{CRM}{cast}/{segments[1]}")
    row = keep(sets[segments[1]], place.shape, "OptionSetMetadata")
    return {"@odata.context": place.context + place.shape.context} | row
