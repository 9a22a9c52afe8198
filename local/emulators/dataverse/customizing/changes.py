"""RetrieveMetadataChanges: definitions by a query over several tables, and what has changed since a stamp."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

import orjson

from local.emulators.dataverse.customizing.conditions import fits
from local.emulators.dataverse.customizing.log import ItemKind
from local.emulators.dataverse.customizing.wire import refuse_wrong_types
from local.emulators.dataverse.errors import DataverseError, argument_missing, query_refused
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.metadata_attributes import PLAIN, attribute, derived_type, option_sets
from local.emulators.dataverse.metadata_entities import entity, keys
from local.emulators.dataverse.metadata_parts import CRM, Json
from local.emulators.dataverse.metadata_relationships import many_to_many, many_to_one, one_to_many
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.schema import Table
from local.emulators.dataverse.scope import Scope

NAME: Final = "RetrieveMetadataChanges"
PARAMETER: Final = re.compile(r"(\w+)=(@\w+|'(?:[^']|'')*'|[\w.]+'[^']*'|\{.*\}|[^,]+)(?:,|$)", re.DOTALL)
STAMP_FORM: Final = "%m/%d/%Y %H:%M:%S"
LIFETIME: Final = timedelta(days=90)  # "Cache schema data": how long deletions are remembered
FILTERS: Final = {
    "Entity": {ItemKind.ENTITY},
    "Default": {ItemKind.ENTITY},
    "Attribute": {ItemKind.ATTRIBUTE},
    "Relationship": {ItemKind.RELATIONSHIP},
    "Label": set[ItemKind](),
    "OptionSet": {ItemKind.OPTION_SET},
    "All": {ItemKind.ENTITY, ItemKind.ATTRIBUTE, ItemKind.RELATIONSHIP, ItemKind.OPTION_SET},
}
ALWAYS: Final = frozenset({"MetadataId", "LogicalName", "HasChanged", "@odata.type"})
PARTS: Final = {
    "Attributes": "AttributeQuery",
    "Keys": "KeyQuery",
    "ManyToManyRelationships": "RelationshipQuery",
    "ManyToOneRelationships": "RelationshipQuery",
    "OneToManyRelationships": "RelationshipQuery",
}


@dataclass(frozen=True, slots=True)
class Level:
    """What a query asks of one kind of definition: which, and which of their properties (None: all)."""

    criteria: Mapping[str, Any] = field(default_factory=dict)
    names: frozenset[str] | None = None

    def wants(self, name: str) -> bool:
        """Whether a property is asked for."""
        return self.names is None or name in self.names or name in ALWAYS


def retrieve_changes(scope: Scope, call: Call) -> Reply:
    """The answer to the function."""
    parameters = _parameters(call)
    query = _query(parameters.get("Query", "{}"))
    log = scope.organization.customizations.log
    since = _since(scope.organization, parameters.get("ClientVersionStamp", "").strip("'"))
    now = scope.organization.clock.now().strftime(STAMP_FORM)
    rows = _tables(scope.organization, query, None if since is None else log.changed(since))
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.{NAME}Response"
    content = {
        "@odata.context": described,
        "ServerVersionStamp": f"{log.version}!{now}",
        "DeletedMetadata": _deleted(scope.organization, parameters.get("DeletedMetadataFilters", ""), since),
        "EntityMetadata": rows,
    }
    return json_reply(content, records=len(rows))


def _parameters(call: Call) -> dict[str, str]:
    """The parameters in the parentheses, aliases replaced by what the query string says."""
    inner = unquote(call.path).strip("/").removeprefix(NAME).strip()
    given = split_query(call.query)
    if not (inner.startswith("(") and inner.endswith(")")):
        return {name.lstrip("@"): value for name, value in given.items()}
    found = {match[1]: match[2].strip() for match in PARAMETER.finditer(inner[1:-1])}
    for name, value in found.items():
        if value.startswith("@"):
            if value not in given:
                raise argument_missing(value)
            found[name] = given[value]
    return found


def _query(text: str) -> Mapping[str, Any]:
    try:
        query = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise query_refused(f"Query is no JSON of an EntityQueryExpression: {error}.") from error
    if not isinstance(query, dict):
        raise query_refused("Query is no EntityQueryExpression: it has to be a JSON object.")
    refuse_wrong_types(query, "Query")
    return query


def _since(organization: Organization, stamp: str) -> int | None:
    """The version that a client knows; a stamp from before a reset, or older than 90 days, has expired."""
    if not stamp:
        return None
    version, _, moment = stamp.partition("!")
    log = organization.customizations.log
    try:
        made = datetime.strptime(moment, STAMP_FORM).replace(tzinfo=UTC)
        known = int(version)
    except ValueError as error:
        raise _expired() from error
    if not log.start <= known <= log.version or organization.clock.now() - made > LIFETIME:
        raise _expired()
    return known


def _expired() -> DataverseError:
    message = "Version stamp associated with the client has expired. Please perform a full sync."
    return DataverseError(400, "0x80044352", message)


def _deleted(organization: Organization, wanted: str, since: int | None) -> Json:
    names = re.findall(r"\w+", wanted.partition("'")[2] or wanted)
    kinds = sorted({kind for name in names for kind in FILTERS.get(name, set())})
    log = organization.customizations.log
    found = {} if since is None else {kind: log.deleted(since, kind) for kind in kinds}
    found = {kind: ids for kind, ids in found.items() if ids}
    return {
        "Count": len(found),
        "IsReadOnly": False,
        "Keys": [kind.value for kind in found],
        "Values": [{"Count": len(ids), "IsReadOnly": False, "Items": ids} for ids in found.values()],
    }


def _level(query: Mapping[str, Any], name: str | None) -> Level:
    part = query.get(name) if name else query
    if not isinstance(part, dict):
        return Level()
    properties = part.get("Properties") or {}
    names = None if properties.get("AllProperties") else frozenset(properties.get("PropertyNames") or ())
    return Level(part.get("Criteria") or {}, names)


def _tables(organization: Organization, query: Mapping[str, Any], changed: set[str] | None) -> list[Json]:
    level = _level(query, None)
    found = []
    for table in organization.tables.values():
        row = entity(table)
        if not fits(row, level.criteria, "EntityMetadata"):
            continue
        parts = {
            name: _part(organization, table, name, level=_level(query, PARTS[name]), changed=changed)
            for name in PARTS
            if level.wants(name)
        }
        own = changed is None or row["MetadataId"] in changed
        if own or any(parts.values()):
            row["HasChanged"] = None if changed is None else own
            found.append(_cut(row, level) | {name: parts.get(name) for name in PARTS})
    return found


def _part(
    organization: Organization, table: Table, name: str, *, level: Level, changed: set[str] | None
) -> list[Json]:
    rows = [row for row in _rows(organization, table, name) if fits(row, level.criteria, _kind(name))]
    if changed is not None:
        rows = [row | {"HasChanged": True} for row in rows if _ids(row) & changed]
    return [_cut(row, level) for row in rows]


def _rows(organization: Organization, table: Table, name: str) -> Sequence[Json]:
    match name:
        case "Attributes":
            return [_attribute(organization, table, column) for column in table.columns]
        case "Keys":
            return keys(table)
        case "ManyToManyRelationships":
            return many_to_many(table, organization.tables)
        case "ManyToOneRelationships":
            return many_to_one(table, organization.tables)
        case _:
            return one_to_many(table, organization.tables)


def _attribute(organization: Organization, table: Table, name: str) -> Json:
    column = table.columns[name]
    kind = derived_type(column)
    named = {} if kind == PLAIN else {"@odata.type": f"#{CRM}Complex{kind}"}
    sets = option_sets(table, column, organization.customizations.choices)
    return named | attribute(table, column) | ({"OptionSet": sets["OptionSet"]} if sets else {})


def _ids(row: Json) -> set[str]:
    """The ids whose change is a change of this definition: its own, and that of its choice."""
    choice = row.get("OptionSet")
    return {row["MetadataId"], choice["MetadataId"] if isinstance(choice, dict) else ""}


def _kind(name: str) -> str:
    return "AttributeMetadata" if name == "Attributes" else "MetadataBase"


def _cut(row: Json, level: Level) -> Json:
    """All properties, those that were not asked for without a value ("Query schema definitions")."""
    return {name: value if level.wants(name) else None for name, value in row.items()}
