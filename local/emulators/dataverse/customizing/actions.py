"""The unbound actions of customizers: choices, customer lookups, publishing, several tables at once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulators.dataverse.customizing import choices, refusals
from local.emulators.dataverse.customizing.lookup import find_column, find_table
from local.emulators.dataverse.customizing.relationships import Place, with_lookup
from local.emulators.dataverse.customizing.requests import Edit
from local.emulators.dataverse.customizing.rights import require_customizer
from local.emulators.dataverse.customizing.tables import new_table
from local.emulators.dataverse.customizing.wire import refuse_wrong_types
from local.emulators.dataverse.errors import argument_missing
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.schema import ColumnType
from local.emulators.dataverse.scope import Scope

Body = Mapping[str, Any]
CUSTOMER: Final = ("account", "contact")


def perform(scope: Scope, call: Call, name: str) -> Reply:
    """The answer to one of `ACTIONS`."""
    right, kind, handler = ACTIONS[name]
    require_customizer(scope, right, kind)
    body = json_object(call.body, name) if call.body else {}
    refuse_wrong_types(body, name)
    with scope.organization.store.transaction():
        return handler(Edit(scope, call, ()), body)


def _answer(edit: Edit, name: str, **content: object) -> Reply:
    described = f"{edit.scope.root}/$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return json_reply({"@odata.context": described, **content}, records=1)


def _insert_option(edit: Edit, body: Body) -> Reply:
    value = choices.insert(choices.option_list(edit.scope.organization, body), body)
    return _answer(edit, "InsertOptionValue", NewOptionValue=value)


def _insert_status(edit: Edit, body: Body) -> Reply:
    value = choices.insert(choices.option_list(edit.scope.organization, body), body)
    return _answer(edit, "InsertStatusValue", NewOptionValue=value)


def _update_option(edit: Edit, body: Body) -> Reply:
    choices.update(choices.option_list(edit.scope.organization, body), body)
    return Reply(204, records=1)


def _delete_option(edit: Edit, body: Body) -> Reply:
    choices.delete(choices.option_list(edit.scope.organization, body), body)
    return Reply(204, records=1)


def _order_options(edit: Edit, body: Body) -> Reply:
    choices.order(choices.option_list(edit.scope.organization, body), body)
    return Reply(204, records=1)


def _set_seed(edit: Edit, body: Body) -> Reply:
    organization, value = edit.scope.organization, body.get("Value")
    table = find_table(organization, f"LogicalName='{str(body.get('EntityName')).lower()}'")
    column = find_column(table, f"LogicalName='{str(body.get('AttributeName')).lower()}'")
    if not column.auto_number or not isinstance(value, int):
        raise refusals.invalid(
            f"SetAutoNumberSeed needs an auto-number column and a whole Value, not {value!r}."
        )
    organization.numbers.set_seed(table.logical_name, column.name, value)
    return Reply(204, records=1)


def _publish(_: Edit, body: Body) -> Reply:
    """Definitions are published at once; the request is checked only."""
    if not isinstance(body.get("ParameterXml"), str):
        raise argument_missing("ParameterXml")
    return Reply(204)


def _publish_all(_: Edit, __: Body) -> Reply:
    return Reply(204)


def _create_tables(edit: Edit, body: Body) -> Reply:
    """All tables or none, as Microsoft's Python client asks for them."""
    rows = body.get("Entities")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise argument_missing("Entities")
    ids = []
    for row in rows:
        table = new_table(row, edit.scope.organization.tables.values(), edit.choice)
        edit.scope.organization.define(table)
        ids.append(metadata_id(table.logical_name))
    return _answer(edit, "CreateEntities", EntityIds=ids)


def _customer_lookup(edit: Edit, body: Body) -> Reply:
    rows = _relationships(body)
    if tuple(sorted(str(row.get("ReferencedEntity")) for row in rows)) != CUSTOMER:
        raise refusals.invalid("A customer lookup has one relationship to account and one to contact.")
    return _lookup(edit, body, "CreateCustomerRelationships", ColumnType.CUSTOMER)


def _polymorphic_lookup(edit: Edit, body: Body) -> Reply:
    return _lookup(edit, body, "CreatePolymorphicLookupAttribute", ColumnType.LOOKUP)


def _lookup(edit: Edit, body: Body, action: str, kind: ColumnType) -> Reply:
    lookup = body.get("Lookup")
    if not isinstance(lookup, Mapping):
        raise argument_missing("Lookup")
    organization = edit.scope.organization
    rows = _relationships(body)
    table = with_lookup(organization.tables, rows, lookup, kind=kind)
    organization.define(table)
    made = [Place(table, bind).id for bind in list(table.navigation)[-len(rows) :]]
    name = str(lookup.get("SchemaName")).lower()
    return _answer(edit, action, RelationshipIds=made, AttributeId=metadata_id(table.logical_name, name))


def _relationships(body: Body) -> list[Body]:
    rows = body.get("OneToManyRelationships")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise argument_missing("OneToManyRelationships")
    return rows


ACTIONS: Final[dict[str, tuple[str, str, Callable[[Edit, Body], Reply]]]] = {
    "InsertOptionValue": ("Write", "OptionSet", _insert_option),
    "InsertStatusValue": ("Write", "OptionSet", _insert_status),
    "UpdateOptionValue": ("Write", "OptionSet", _update_option),
    "UpdateStateValue": ("Write", "OptionSet", _update_option),
    "DeleteOptionValue": ("Write", "OptionSet", _delete_option),
    "OrderOption": ("Write", "OptionSet", _order_options),
    "SetAutoNumberSeed": ("Write", "Attribute", _set_seed),
    "PublishXml": ("Publish", "Customization", _publish),
    "PublishAllXml": ("Publish", "Customization", _publish_all),
    "CreateEntities": ("Create", "Entity", _create_tables),
    "CreateCustomerRelationships": ("Create", "Relationship", _customer_lookup),
    "CreatePolymorphicLookupAttribute": ("Create", "Relationship", _polymorphic_lookup),
}
