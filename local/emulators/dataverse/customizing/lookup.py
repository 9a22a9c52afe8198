"""Definitions found by the keys in addresses: a MetadataId, a LogicalName, a SchemaName, a Name."""

import re
from collections.abc import Mapping
from typing import Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.relationships import Place, places
from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.schema import Column, GlobalChoice, Table

KEY: Final = re.compile(
    r"(?:(?P<by>LogicalName|SchemaName|Name)='(?P<name>[^']*)'|(?:MetadataId=)?(?P<id>[0-9a-fA-F-]{36}))"
)


def find_table(organization: Organization, key: str) -> Table:
    """The table with this key."""
    ids = {metadata_id(name): name for name in organization.tables}
    name = _named(key, ids)
    if name not in organization.tables:
        raise refusals.definition_missing("EntityMetadata", key)
    return organization.tables[name]


def find_column(table: Table, key: str) -> Column:
    """The column with this key."""
    name = _named(key, {metadata_id(table.logical_name, one): one for one in table.columns})
    if name not in table.columns:
        raise refusals.definition_missing("AttributeMetadata", key)
    return table.columns[name]


def find_key(table: Table, key: str) -> str:
    """The schema name of the alternate key with this key."""
    names = [name for name, _ in table.keys]
    wanted = _named(key, {metadata_id(table.logical_name, "key", one): one for one in names})
    for name in names:
        if name.lower() == wanted.lower():
            return name
    raise refusals.definition_missing("EntityKeyMetadata", key)


def find_relationship(tables: Mapping[str, Table], key: str) -> Place:
    """The relationship with this key."""
    found = {place.id: place for place in places(tables)}
    by_name = {place.name: place for place in found.values()}
    wanted = _named(key, {its_id: place.name for its_id, place in found.items()})
    if wanted not in by_name:
        raise refusals.definition_missing("RelationshipMetadataBase", key)
    match = KEY.fullmatch(key.strip())
    return found[match["id"].lower()] if match and match["id"] else by_name[wanted]


def find_choice(organization: Organization, key: str) -> GlobalChoice:
    """The global choice with this key."""
    choices = organization.customizations.choices
    name = _named(key, {metadata_id("choice", one): one for one in choices})
    if name not in choices:
        raise refusals.definition_missing("OptionSetMetadata", key)
    return choices[name]


def _named(key: str, ids: Mapping[str, str]) -> str:
    """The name that a key gives, or that has the id; empty where there is none."""
    match = KEY.fullmatch(key.strip())
    if match is None:
        return ""
    return match["name"] if match["by"] else ids.get(match["id"].lower(), "")
