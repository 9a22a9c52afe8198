"""The option set of a column, as the metadata endpoints show it."""

from local.emulators.dataverse.metadata_parts import Json, label, managed_property, metadata_id
from local.emulators.dataverse.schema import Column, ColumnType, GlobalChoice, Option, Table

SET_TYPES = {
    ColumnType.PICKLIST: "Picklist",
    ColumnType.MULTI_SELECT: "Picklist",
    ColumnType.STATE: "State",
    ColumnType.STATUS: "Status",
    ColumnType.BOOLEAN: "Boolean",
}


def option_set(table: Table, column: Column) -> Json:
    """The column's choices: Options, or TrueOption and FalseOption for a boolean."""
    names = (table.logical_name, column.name, "options")
    return {
        "MetadataId": metadata_id(*names),
        "HasChanged": None,
        "IsCustomOptionSet": column.custom,
        "IsGlobal": False,
        "IsManaged": not column.custom,
        "Name": f"{table.logical_name}_{column.name}",
        "ExternalTypeName": None,
        "OptionSetType": SET_TYPES[column.type],
        "IntroducedVersion": "5.0.0.0",
        "ParentOptionSetName": None,
        "Description": label("", *names),
        "DisplayName": label(column.label, *names, managed=not column.custom),
        "IsCustomizable": managed_property("iscustomizable", value=True, changeable=column.custom),
    } | _choices(table, column)


def global_option_set(choice: GlobalChoice) -> Json:
    """A choice that columns share."""
    names = ("choice", choice.name)
    return {
        "MetadataId": metadata_id(*names),
        "HasChanged": None,
        "IsCustomOptionSet": True,
        "IsGlobal": True,
        "IsManaged": False,
        "Name": choice.name,
        "ExternalTypeName": "",
        "OptionSetType": "Picklist",
        "IntroducedVersion": "1.0.0.0",
        "ParentOptionSetName": None,
        "Description": label(choice.description, *names, "description", managed=False),
        "DisplayName": label(choice.label, *names, managed=False, translations=choice.translations),
        "IsCustomizable": managed_property("iscustomizable", value=True, changeable=True),
        "Options": [_row(option, names, managed=False) for option in choice.options],
    }


def _choices(table: Table, column: Column) -> Json:
    rows = [_option(table, column, option) for option in column.options]
    if column.type != ColumnType.BOOLEAN:
        return {"Options": rows}
    by_value = {row["Value"]: row for row in rows}
    return {"FalseOption": by_value.get(0), "TrueOption": by_value.get(1)}


def _option(table: Table, column: Column, option: Option) -> Json:
    row = _row(option, (table.logical_name, column.name), managed=not column.custom)
    return row | _state_details(column, option)


def _row(option: Option, owner: tuple[str, ...], *, managed: bool) -> Json:
    names = (*owner, str(option.value))
    return {
        "Value": option.value,
        "Color": None,
        "IsManaged": managed,
        "IsHidden": False,
        "ExternalValue": None,
        "ParentValues": None,
        "Tag": None,
        "MetadataId": None,
        "HasChanged": None,
        "Label": label(option.label, *names, managed=managed, translations=option.translations),
        "Description": label("", *names),
    }


def _state_details(column: Column, option: Option) -> Json:
    match column.type:
        case ColumnType.STATUS:
            return {"State": option.state, "TransitionData": None}
        case ColumnType.STATE:
            return {"InvariantName": option.label, "DefaultStatus": None}
        case _:
            return {}
