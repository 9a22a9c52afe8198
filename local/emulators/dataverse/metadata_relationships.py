"""Relationships as OneToManyRelationshipMetadata and ManyToManyRelationshipMetadata."""

from collections.abc import Mapping
from typing import Final

from local.emulators.dataverse.metadata_parts import CRM, Json, label, managed_property, metadata_id
from local.emulators.dataverse.relations import collection_name
from local.emulators.dataverse.schema import Table

Tables = Mapping[str, Table]

ONE_TO_MANY: Final = "OneToManyRelationshipMetadata"
MANY_TO_MANY: Final = "ManyToManyRelationshipMetadata"
PLAIN: Final = "RelationshipMetadataBase"
SHARED: Final = frozenset(  # what both kinds have, and what can be selected without a cast
    {
        "HasChanged",
        "IntroducedVersion",
        "IsCustomRelationship",
        "IsCustomizable",
        "IsManaged",
        "IsValidForAdvancedFind",
        "MetadataId",
        "RelationshipType",
        "SchemaName",
        "SecurityTypes",
    }
)
CASCADES: Final = ("Archive", "Assign", "Delete", "Merge", "Reparent", "RollupView", "Share", "Unshare")
MENU: Final[Json] = {
    "Behavior": "DoNotDisplay",
    "Group": "Details",
    "Label": label(""),
    "Order": None,
    "AvailableOffline": True,
    "Icon": None,
    "IsCustomizable": False,
    "MenuId": None,
    "QueryApi": None,
    "ViewId": "00000000-0000-0000-0000-000000000000",
}


def many_to_one(table: Table, tables: Tables) -> list[Json]:
    """The relationships through this table's lookups; their navigation names are the names to bind."""
    return [_one_to_many(table, bind_name, tables) for bind_name in table.navigation]


def one_to_many(table: Table, tables: Tables) -> list[Json]:
    """The relationships of other tables' lookups that point at this table."""
    rows = [row for other in tables.values() for row in many_to_one(other, tables)]
    return [row for row in rows if row["ReferencedEntity"] == table.logical_name]


def many_to_many(table: Table, tables: Tables) -> list[Json]:
    """The relationships that link this table's rows with others through an intersect table."""
    return [
        _many_to_many(other)
        for other in tables.values()
        if other.intersect and table.logical_name in other.intersect.tables
    ]


def every_relationship(tables: Tables) -> list[Json]:
    """All relationships, each with its type."""
    found = [
        {"@odata.type": f"#{CRM}{ONE_TO_MANY}"} | row
        for table in tables.values()
        for row in many_to_one(table, tables)
    ]
    links = [_many_to_many(table) for table in tables.values() if table.intersect]
    return found + [{"@odata.type": f"#{CRM}{MANY_TO_MANY}"} | row for row in links]


def _one_to_many(table: Table, bind_name: str, tables: Tables) -> Json:
    column, target = table.navigation[bind_name]
    known, chosen = tables.get(target), table.relationships.get(bind_name)
    collection = collection_name(table, bind_name)
    name = chosen.schema_name if chosen else collection
    return _shared(metadata_id(table.logical_name, "navigation", bind_name), name, custom="_" in column) | {
        "RelationshipType": "OneToManyRelationship",
        "ReferencedAttribute": known.primary_id if known else f"{target}id",
        "ReferencedEntity": target,
        "ReferencedEntityNavigationPropertyName": collection,
        "ReferencingAttribute": column,
        "ReferencingEntity": table.logical_name,
        "ReferencingEntityNavigationPropertyName": bind_name,
        "CascadeConfiguration": dict.fromkeys(CASCADES, "NoCascade")
        | (dict(chosen.cascades) if chosen else {}),
        "AssociatedMenuConfiguration": MENU | (dict(chosen.menu) if chosen else {}),
        "DenormalizedAttributeName": None,
        "EntityKey": None,
        "IsDenormalizedLookup": None,
        "IsRelationshipAttributeDenormalized": False,
        "RelationshipAttributes": "",
        "IsHierarchical": False,
        "RelationshipBehavior": "0",
    }


def _many_to_many(table: Table) -> Json:
    pair = table.intersect
    if pair is None:
        return {}
    row = _shared(metadata_id(table.logical_name, "intersect"), pair.schema_name, custom=True)
    row |= {"RelationshipType": "ManyToManyRelationship", "IntersectEntityName": table.logical_name}
    for index in (0, 1):
        name = f"Entity{index + 1}"
        row |= {
            f"{name}AssociatedMenuConfiguration": MENU | dict(pair.menus[index]),
            f"{name}IntersectAttribute": pair.attributes[index],
            f"{name}LogicalName": pair.tables[index],
            f"{name}NavigationPropertyName": pair.collections[index],
        }
    return row


def _shared(its_id: str, name: str, *, custom: bool) -> Json:
    return {
        "MetadataId": its_id,
        "HasChanged": None,
        "SchemaName": name,
        "IntroducedVersion": "1.0.0.0" if custom else "5.0.0.0",
        "IsCustomRelationship": custom,
        "IsCustomizable": managed_property("iscustomizable", value=True, changeable=custom),
        "IsManaged": not custom,
        "IsValidForAdvancedFind": True,
        "SecurityTypes": "None",
    }
