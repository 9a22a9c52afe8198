"""Tables, columns and relationships taken away, with everything that hangs on them."""

from dataclasses import replace

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.relationships import Place, places
from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.schema import Column, Table


def remove_table(organization: Organization, table: Table) -> None:
    """Removes a custom table, its rows, and the relationships of other tables with it."""
    if "_" not in table.logical_name or table.intersect or organization.is_standard(table):
        raise refusals.not_deletable()
    for place in places(organization.tables):
        if place.table.logical_name != table.logical_name and _touches(place, table):
            remove_relationship(organization, place)
    organization.remove(organization.tables[table.logical_name])


def remove_column(organization: Organization, table: Table, column: Column) -> None:
    """Removes a custom column with its values and those that came along with it."""
    if not column.custom or (column.attribute_of and not _stands_alone(column)) or _belongs(table, column):
        raise refusals.not_deletable()
    if column.name == table.primary_name:
        raise refusals.primary_name_not_deletable()
    users = [key for key, names in table.keys if column.name in names]
    if users:
        raise refusals.in_use("Attribute", metadata_id(table.logical_name, column.name), len(users))
    _drop(organization, table, column)


def remove_relationship(organization: Organization, place: Place) -> None:
    """Removes a relationship: with its lookup, or with its intersect table."""
    table = organization.tables[place.table.logical_name]
    if place.bind is None:
        organization.remove(table)
        return
    if place.bind not in table.relationships:
        raise refusals.not_deletable()
    name, target = table.navigation[place.bind]
    column = table.columns[name]
    if len(column.targets) <= 1:
        _drop(organization, table, column)
        return
    kept = tuple(one for one in column.targets if one != target)
    organization.define(
        replace(
            table,
            columns=table.columns | {name: replace(column, targets=kept)},
            navigation={bind: to for bind, to in table.navigation.items() if bind != place.bind},
            relationships={bind: one for bind, one in table.relationships.items() if bind != place.bind},
        )
    )


def _drop(organization: Organization, table: Table, column: Column) -> None:
    gone = _companions(table, column)
    binds = {bind for bind, to in table.navigation.items() if to[0] in gone}
    left = replace(
        table,
        columns={name: one for name, one in table.columns.items() if name not in gone},
        navigation={bind: to for bind, to in table.navigation.items() if bind not in binds},
        relationships={bind: one for bind, one in table.relationships.items() if bind not in binds},
    )
    organization.files.remove_column(table.logical_name, column.name)
    for name in sorted(gone):
        organization.drop_column(left, name)


def _companions(table: Table, column: Column) -> set[str]:
    """The column and those that exist only for it."""
    gone = {column.name, column.name + "_base"} if column.type == "Money" else {column.name}
    if column.attribute_of:
        gone.add(column.attribute_of)
    return {one.name for one in table.columns.values() if one.name in gone or one.attribute_of in gone}


def _stands_alone(column: Column) -> bool:
    """Whether a column can be removed although metadata shows it as another's: an image is its id's."""
    return column.type == "Image"


def _belongs(table: Table, column: Column) -> bool:
    """Whether a column came along with another: a base value, an image's id."""
    owner = table.columns.get(column.name.removesuffix("_base"))
    image = table.columns.get(column.name.removesuffix("id"))
    return (owner is not None and owner is not column and owner.type == "Money") or (
        image is not None and image is not column and image.type == "Image"
    )


def _touches(place: Place, table: Table) -> bool:
    if place.bind is None:
        return place.table.intersect is not None and table.logical_name in place.table.intersect.tables
    return place.table.navigation[place.bind][1] == table.logical_name
