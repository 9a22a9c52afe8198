"""Relationships as customizers describe them: lookups to one or several tables, and links of two tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.columns import labels, with_column
from local.emulators.dataverse.customizing.names import schema_name
from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.schema import Column, ColumnType, Intersect, Relationship, RequiredLevel, Table

Body = Mapping[str, Any]
Tables = Mapping[str, Table]

BEHAVIORS: Final = frozenset({"NoCascade", "Cascade", "Active", "UserOwned", "RemoveLink", "Restrict"})
CASCADES: Final = ("Assign", "Delete", "Merge", "Reparent", "RollupView", "Share", "Unshare")
TAKEN_LEVELS: Final = frozenset({RequiredLevel.NONE, RequiredLevel.RECOMMENDED, RequiredLevel.APPLICATION})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a relationship is kept: the table with its lookup, or the intersect table; and its id."""

    table: Table
    bind: str | None  # None for a many-to-many relationship

    @property
    def name(self) -> str:
        """The relationship's schema name."""
        if self.bind is None:
            return self.table.intersect.schema_name if self.table.intersect else ""
        return relationship_name(self.table, self.bind)

    @property
    def id(self) -> str:
        """The relationship's MetadataId."""
        if self.bind is None:
            return metadata_id(self.table.logical_name, "intersect")
        return metadata_id(self.table.logical_name, "navigation", self.bind)


def relationship_name(table: Table, bind: str) -> str:
    """A relationship's schema name; the service's own ones follow no rule, those without a name get ours."""
    known = table.relationships.get(bind)
    if known:
        return known.schema_name
    column, target = table.navigation[bind]
    return f"{target}_{table.logical_name}_{column}"


def places(tables: Tables) -> list[Place]:
    """All relationships."""
    found = [Place(table, bind) for table in tables.values() for bind in table.navigation]
    return found + [Place(table, None) for table in tables.values() if table.intersect]


def with_lookup(
    tables: Tables, bodies: Sequence[Body], lookup: Body, *, kind: ColumnType = ColumnType.LOOKUP
) -> Table:
    """The referencing table with a lookup to the tables that the relationships reference."""
    name = schema_name(lookup.get("SchemaName"), "Attribute")
    table = _table(tables, bodies[0].get("ReferencingEntity"))
    targets = tuple(_table(tables, body.get("ReferencedEntity")).logical_name for body in bodies)
    column = Column(
        name=name.lower(),
        schema_name=name,
        type=kind,
        custom=True,
        required=_required(lookup),
        targets=targets,
        **labels(lookup, name),
    )
    table = with_column(table, column)
    for body, target in zip(bodies, targets, strict=True):
        table = _with_relationship(tables, table, column, body=body, target=target, several=len(targets) > 1)
    return table


def with_changed_relationship(place: Place, body: Body) -> Table:
    """The table after PUT of one of its relationships: its cascades and its menu."""
    if place.bind is None:
        return place.table
    before = place.table.relationships.get(place.bind)
    name = relationship_name(place.table, place.bind)
    changed = Relationship(
        name,
        before.collection if before else name,
        _cascades(body, dict(before.cascades) if before else {}),
        dict(body.get("AssociatedMenuConfiguration") or {}),
    )
    return replace(place.table, relationships=place.table.relationships | {place.bind: changed})


def intersect_table(tables: Tables, body: Body) -> Table:
    """The table that keeps the pairs of a new many-to-many relationship."""
    name = _free_name(tables, body)
    one, other = (_table(tables, body.get(f"Entity{number}LogicalName")) for number in (1, 2))
    entity = str(body.get("IntersectEntityName") or name)
    if schema_name(entity, "Entity").lower() in tables:
        raise refusals.name_taken(entity, "Entity")
    parts = _attributes(one, other)
    described = Intersect(
        schema_name=name,
        tables=(one.logical_name, other.logical_name),
        attributes=parts,
        collections=(
            str(body.get("Entity1NavigationPropertyName") or name),
            str(body.get("Entity2NavigationPropertyName") or name),
        ),
        menus=tuple(dict(body.get(f"Entity{number}AssociatedMenuConfiguration") or {}) for number in (1, 2)),  # type: ignore[arg-type]  # two of them
    )
    return _pairs(entity, described, tables)


def _with_relationship(
    tables: Tables, table: Table, column: Column, *, body: Body, target: str, several: bool
) -> Table:
    name = _free_name({**tables, table.logical_name: table}, body)
    usual = f"{column.schema_name}_{target}" if several else column.schema_name
    bind = str(body.get("ReferencingEntityNavigationPropertyName") or usual)
    if bind in table.navigation or bind in table.columns:
        raise refusals.navigation_taken(bind, table.logical_name)
    made = Relationship(
        name,
        str(body.get("ReferencedEntityNavigationPropertyName") or name),
        _cascades(body, {}),
        dict(body.get("AssociatedMenuConfiguration") or {}),
    )
    return replace(
        table,
        navigation=table.navigation | {bind: (column.name, target)},
        relationships=table.relationships | {bind: made},
    )


def _free_name(tables: Tables, body: Body) -> str:
    """The schema name of a new relationship."""
    given = body.get("SchemaName")
    # It may begin with a standard table's name, as those do that Microsoft's client makes for a lookup.
    name = given if isinstance(given, str) and "_" in given else ""
    name = name or schema_name(given, "Relationship")
    if any(one.name.lower() == name.lower() for one in places(tables)):
        raise refusals.relationship_taken(name)
    return name


def _cascades(body: Body, before: dict[str, str]) -> dict[str, str]:
    given = body.get("CascadeConfiguration") or {}
    wrong = {value for value in given.values() if value is not None} - BEHAVIORS
    if wrong:
        raise refusals.invalid(f"CascadeConfiguration has no {', '.join(sorted(map(str, wrong)))}.")
    usual = dict.fromkeys(CASCADES, "NoCascade") | {"Delete": "RemoveLink"}
    return usual | before | {name: given[name] for name in CASCADES if given.get(name)}


def _required(lookup: Body) -> RequiredLevel:
    given = lookup.get("RequiredLevel")
    value = given.get("Value") if isinstance(given, Mapping) else RequiredLevel.NONE
    if value not in TAKEN_LEVELS:
        raise refusals.invalid(f"RequiredLevel of a lookup cannot be {value!r}.")
    return RequiredLevel(str(value))


def _table(tables: Tables, name: object) -> Table:
    if not isinstance(name, str) or name not in tables or tables[name].intersect:
        raise refusals.table_missing(str(name))
    return tables[name]


def _attributes(one: Table, other: Table) -> tuple[str, str]:
    """The columns of an intersect table; of a table that is linked with itself, told apart by One and Two."""
    if one is other:
        return one.primary_id + "one", one.primary_id + "two"
    return one.primary_id, other.primary_id


def _pairs(entity: str, described: Intersect, tables: Tables) -> Table:
    names = (entity.lower() + "id", *described.attributes)
    columns = {
        name: Column(
            name=name,
            schema_name=name,
            type=ColumnType.UNIQUEIDENTIFIER,
            creatable=False,
            updatable=False,
            on_forms=False,
        )
        for name in names
    }
    return Table(
        logical_name=entity.lower(),
        schema_name=entity,
        entity_set=entity.lower() + "set",
        primary_id=names[0],
        primary_name=None,
        object_type_code=max(one.object_type_code for one in tables.values()) + 1,
        label="",
        ownership="None",
        columns=columns,
        intersect=described,
        settings={"IsIntersect": True},
    )
