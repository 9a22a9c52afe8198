"""Columns as customizers describe them: made, with the columns that come along, and changed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.companions import companions
from local.emulators.dataverse.customizing.labels import Texts, read_label, required_label
from local.emulators.dataverse.customizing.limits import limits
from local.emulators.dataverse.customizing.names import schema_name
from local.emulators.dataverse.customizing.options import read_options, two_options
from local.emulators.dataverse.schema import Column, ColumnType, GlobalChoice, RequiredLevel, Table

Body = Mapping[str, Any]
Choices = Callable[[str], GlobalChoice]  # the global choice behind an address or a name; refuses others

NAMESPACE: Final = "Microsoft.Dynamics.CRM."
CREATABLE: Final = frozenset(
    {
        ColumnType.STRING,
        ColumnType.MEMO,
        ColumnType.INTEGER,
        ColumnType.BIG_INT,
        ColumnType.DECIMAL,
        ColumnType.DOUBLE,
        ColumnType.MONEY,
        ColumnType.BOOLEAN,
        ColumnType.DATE_TIME,
        ColumnType.PICKLIST,
        ColumnType.MULTI_SELECT,
        ColumnType.IMAGE,
        ColumnType.FILE,
    }
)
SETTINGS: Final = frozenset(
    {
        "CanModifyAdditionalSettings",
        "ImeMode",
        "IsAuditEnabled",
        "IsCustomizable",
        "IsGlobalFilterEnabled",
        "IsRenameable",
        "IsSecured",
        "IsSortableEnabled",
        "IsValidForAdvancedFind",
    }
)
GLOBAL_BIND: Final = "GlobalOptionSet@odata.bind"


def with_new_column(table: Table, body: Body, choices: Choices) -> Table:
    """The table with one more column and those that come along with it."""
    kind = column_type(body)
    if kind not in CREATABLE:
        raise refusals.invalid(
            f"A column of the type {kind} cannot be added by itself: lookups come with a relationship, "
            "other types with the table."
        )
    return with_column(table, new_column(body, kind, choices))


def with_column(table: Table, column: Column) -> Table:
    """The table with a column that has been read, and those that come along with it."""
    added = {one.name: one for one in (column, *companions(table, column))}
    for one in added.values():
        if one.name in table.columns:
            raise refusals.column_taken(one.schema_name, table.logical_name)
    navigation = dict(table.navigation)
    if "transactioncurrencyid" in added:
        navigation["transactioncurrencyid"] = ("transactioncurrencyid", "transactioncurrency")
    return replace(table, columns=table.columns | added, navigation=navigation)


def column_type(body: Body) -> ColumnType:
    """The type that a body's @odata.type, or its AttributeTypeName, names."""
    given = body.get("@odata.type")
    if isinstance(given, str):
        name = given.lstrip("#").removeprefix(NAMESPACE).removeprefix("Complex")
        name = name.removesuffix("AttributeMetadata")
    else:
        named = body.get("AttributeTypeName")
        given = named.get("Value", "") if isinstance(named, Mapping) else str(body.get("AttributeType", ""))
        name = str(given).removesuffix("Type")
    try:
        return ColumnType(name)
    except ValueError as error:
        raise refusals.unknown_type(str(given) or "(none)") from error


def new_column(body: Body, kind: ColumnType, choices: Choices) -> Column:
    """The column that a body describes."""
    _refuse_calculated(body)
    name = schema_name(body.get("SchemaName"), "Attribute")
    column = Column(
        name=name.lower(),
        schema_name=name,
        type=kind,
        custom=True,
        **labels(body, name),
        required=_required(body, RequiredLevel.NONE),
        settings={one: body[one] for one in sorted(SETTINGS & body.keys())},
        **limits(kind, body),
    )
    if kind is ColumnType.FILE:
        column = replace(column, creatable=False, updatable=False)
    if kind is ColumnType.IMAGE:
        column = replace(column, attribute_of=column.name + "id")
    return _with_options(column, body, choices)


def changed_column(column: Column, body: Body, *, merge: bool) -> Column:
    """A column after PUT: the options of a choice have actions of their own."""
    if "@odata.type" in body and column_type(body) not in {column.type, _shown(column.type)}:
        raise refusals.invalid(f"The type of {column.name} cannot be changed from {column.type}.")
    _refuse_calculated(body)
    texts = read_label(body, "DisplayName")
    text = read_label(body, "Description")
    before = Texts(column.label, column.translations)
    shown = texts.over(before, merge=merge) if texts else before
    return replace(
        column,
        label=shown.english or column.label,
        translations=shown.others,
        description=text.english if text else column.description,
        required=_required(body, column.required),
        default=_default(body, column),
        settings=dict(column.settings) | {one: body[one] for one in SETTINGS & body.keys()},
        **limits(column.type, body, column),
    )


def labels(body: Body, name: str) -> dict[str, Any]:
    """The display name, which a new thing needs, and the description."""
    shown = required_label(body, "DisplayName", name)
    description = read_label(body, "Description")
    return {
        "label": shown.english,
        "translations": shown.others,
        "description": description.english if description else "",
    }


def _shown(kind: ColumnType) -> ColumnType:
    """The metadata type that a polymorphic lookup is written with."""
    return ColumnType.LOOKUP if kind in {ColumnType.CUSTOMER, ColumnType.OWNER} else kind


def _with_options(column: Column, body: Body, choices: Choices) -> Column:
    if column.type is ColumnType.BOOLEAN:
        return replace(column, options=two_options(body), default=body.get("DefaultValue") is True)
    if column.type not in {ColumnType.PICKLIST, ColumnType.MULTI_SELECT}:
        return column
    given = body.get("OptionSet")
    own = given if isinstance(given, Mapping) else {}
    shared = body.get(GLOBAL_BIND) or (own.get("Name") if own.get("IsGlobal") is True else None)
    if isinstance(shared, str):
        choice = choices(shared)
        column = replace(column, options=choice.options, global_set=choice.name)
    else:
        column = replace(column, options=read_options(own.get("Options")))
    return replace(column, default=_default(body, column))


def _default(body: Body, column: Column) -> int | bool | None:
    if column.type is ColumnType.BOOLEAN:
        return body.get("DefaultValue", column.default) is True
    value = body.get("DefaultFormValue", -1 if column.default is None else column.default)
    if column.type is not ColumnType.PICKLIST or value in {-1, None}:
        return column.default if "DefaultFormValue" not in body else None
    if not any(one.value == value for one in column.options):
        raise refusals.option_missing(value)
    return int(value)


def _required(body: Body, before: RequiredLevel) -> RequiredLevel:
    given = body.get("RequiredLevel")
    value = given.get("Value") if isinstance(given, Mapping) else given
    if value is None or value == before.value:
        return before
    if RequiredLevel.SYSTEM in {value, before} or value not in set(RequiredLevel):
        raise refusals.invalid(f"RequiredLevel cannot be changed from {before} to {value!r}.")
    return RequiredLevel(value)


def _refuse_calculated(body: Body) -> None:
    if body.get("SourceType") in {1, 2} or body.get("FormulaDefinition"):
        raise refusals.calculated_unsupported(str(body.get("SchemaName")))
