"""Tables as customizers describe them: made with their system columns, and changed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.columns import Choices, labels, with_new_column
from local.emulators.dataverse.customizing.labels import Texts, read_label, required_label
from local.emulators.dataverse.customizing.names import plural, schema_name
from local.emulators.dataverse.customizing.system_columns import NAVIGATION, OWNED, system_columns
from local.emulators.dataverse.errors import not_emulated
from local.emulators.dataverse.schema import Table

Body = Mapping[str, Any]
FIRST_TYPE_CODE: Final = 10_000

# "Create and update table definitions using the Web API", the definition of a new table.
USUAL: Final[Mapping[str, Any]] = {
    "ChangeTrackingEnabled": False,
    "HasActivities": False,
    "HasFeedback": False,
    "HasNotes": False,
    "IsActivity": False,
    "IsAIRUpdated": False,
    "IsAvailableOffline": False,
    "IsBusinessProcessEnabled": False,
    "IsQuickCreateEnabled": False,
}
MANAGED: Final = frozenset(
    {
        "IsAuditEnabled",
        "IsConnectionsEnabled",
        "IsCustomizable",
        "IsDuplicateDetectionEnabled",
        "IsMailMergeEnabled",
        "IsRenameable",
        "IsValidForQueue",
        "IsVisibleInMobile",
        "IsVisibleInMobileClient",
    }
)
SETTINGS: Final = USUAL.keys() | MANAGED | {"IsDocumentManagementEnabled", "EntityColor", "EntityHelpUrl"}


def new_table(body: Body, present: Iterable[Table], choices: Choices) -> Table:
    """The table that a body describes, with its columns."""
    name = schema_name(body.get("SchemaName"), "Entity")
    present = tuple(present)
    _refuse_other_kinds(body)
    entity_set = body.get("EntitySetName") or plural(name.lower())
    for one in present:
        if one.logical_name == name.lower() or one.entity_set == entity_set:
            raise refusals.name_taken(name, "Entity")
    collection = required_label(body, "DisplayCollectionName", name)
    table = Table(
        logical_name=name.lower(),
        schema_name=name,
        entity_set=str(entity_set),
        primary_id=name.lower() + "id",
        primary_name=None,
        object_type_code=max((FIRST_TYPE_CODE, *(one.object_type_code for one in present))) + 1,
        ownership=_ownership(body),
        columns={},
        **labels(body, name),
        collection_label=collection.english,
        collection_translations=collection.others,
        settings=dict(USUAL) | {one: body[one] for one in sorted(SETTINGS & body.keys())},
    )
    table = _with_system_columns(table)
    return _with_given_columns(table, body, choices)


def changed_table(table: Table, body: Body, *, merge: bool) -> Table:
    """A table after PUT, which replaces its definition; columns, keys and relationships are apart."""
    for name, value in (("SchemaName", table.schema_name), ("OwnershipType", table.ownership)):
        if body.get(name, value) != value:
            raise refusals.invalid(f"{name} of {table.logical_name} cannot be changed.")
    shown = _over(body, "DisplayName", Texts(table.label, table.translations), merge=merge)
    several = _over(
        body,
        "DisplayCollectionName",
        Texts(table.collection_label, table.collection_translations),
        merge=merge,
    )
    description = read_label(body, "Description")
    return replace(
        table,
        label=shown.english or table.label,
        translations=shown.others,
        collection_label=several.english or table.collection_label,
        collection_translations=several.others,
        description=description.english if description else table.description,
        settings=dict(table.settings) | {one: body[one] for one in SETTINGS & body.keys()},
    )


def _over(body: Body, name: str, before: Texts, *, merge: bool) -> Texts:
    given = read_label(body, name)
    return given.over(before, merge=merge) if given else before


def _ownership(body: Body) -> str:
    given = body.get("OwnershipType")
    if given not in {"UserOwned", "OrganizationOwned"}:
        raise refusals.invalid(
            f"OwnershipType of a new table has to be UserOwned or OrganizationOwned, not {given!r}."
        )
    return str(given)


def _refuse_other_kinds(body: Body) -> None:
    if body.get("IsActivity") is True:
        raise not_emulated("An activity table (IsActivity)")
    if body.get("TableType") not in {None, "Standard"} or body.get("DataProviderId"):
        raise not_emulated("A virtual or elastic table (TableType, DataProviderId)")


def _with_system_columns(table: Table) -> Table:
    columns = {one.name: one for one in system_columns(table)}
    owned = (
        OWNED if table.ownership == "UserOwned" else {"organizationid": ("organizationid", "organization")}
    )
    return replace(table, columns=columns, navigation=dict(NAVIGATION) | owned)


def _with_given_columns(table: Table, body: Body, choices: Choices) -> Table:
    rows = body.get("Attributes")
    rows = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    primary = [row for row in rows if row.get("IsPrimaryName") is True]
    if len(primary) != 1:
        raise refusals.invalid(
            f"Attributes of {table.schema_name} has to hold one StringAttributeMetadata with IsPrimaryName "
            f"true, not {len(primary)}."
        )
    for row in rows:
        before = table.columns.keys()
        table = with_new_column(table, row, choices)
        if row is primary[0]:
            table = replace(table, primary_name=next(iter(table.columns.keys() - before)))
    return table
