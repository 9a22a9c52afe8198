"""POST, PUT and DELETE of definitions: from the address and the body to what is kept, and the answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.customizing.choices import (
    changed_choice,
    forget_choice,
    keep_choice,
    new_choice,
)
from local.emulators.dataverse.customizing.columns import (
    changed_column,
    with_new_column,
)
from local.emulators.dataverse.customizing.keys import with_new_key, without_key
from local.emulators.dataverse.customizing.labels import wants_merging
from local.emulators.dataverse.customizing.lookup import (
    find_choice,
    find_column,
    find_key,
    find_relationship,
    find_table,
)
from local.emulators.dataverse.customizing.relationships import (
    Place,
    intersect_table,
    with_changed_relationship,
    with_lookup,
)
from local.emulators.dataverse.customizing.removing import remove_column, remove_relationship, remove_table
from local.emulators.dataverse.customizing.rights import require_customizer
from local.emulators.dataverse.customizing.tables import changed_table, new_table
from local.emulators.dataverse.customizing.wire import refuse_wrong_types
from local.emulators.dataverse.exchange import Call, Reply
from local.emulators.dataverse.metadata_parts import metadata_id
from local.emulators.dataverse.metadata_query import split_outside
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.schema import GlobalChoice, Table
from local.emulators.dataverse.scope import Scope

NAMESPACE: Final = "Microsoft.Dynamics.CRM."
SEGMENT: Final = re.compile(r"([\w.]+)(?:\((.*)\))?", re.DOTALL)
RIGHTS: Final = {"POST": "Create", "PUT": "Write", "DELETE": "Delete"}


@dataclass(frozen=True, slots=True)
class Edit:
    """One request to change definitions; `keys` are the address's parentheses, the first one the table's."""

    scope: Scope
    call: Call
    keys: tuple[str | None, ...]

    @property
    def body(self) -> dict[str, Any]:
        """The definition that was sent."""
        content = json_object(self.call.body, "EntityDefinitions")
        refuse_wrong_types(content, "EntityDefinitions")
        return content

    @property
    def merging(self) -> bool:
        """Whether labels in other languages are to stay."""
        return wants_merging(self.call.headers)

    @property
    def table(self) -> Table:
        """The table that the address names."""
        return find_table(self.scope.organization, self.keys[0] or "")

    def choice(self, address: str) -> GlobalChoice:
        """The global choice behind a name, or the address in a bind."""
        found = re.search(r"GlobalOptionSetDefinitions\((.*)\)", address)
        return find_choice(self.scope.organization, found[1] if found else f"Name='{address}'")

    def made(self, address: str) -> Reply:
        """The answer to a creation or a change: where the definition is."""
        return Reply(204, {"OData-EntityId": f"{self.scope.root}/{address}"}, records=1)


def change_definitions(scope: Scope, call: Call) -> Reply:
    """The answer to POST, PUT or DELETE of a definition."""
    parts = [SEGMENT.fullmatch(one) for one in split_outside(unquote(call.path).strip("/"), "/")]
    steps = [(one[1], one[2]) for one in parts if one]
    if len(steps) > 1 and steps[-1][0].startswith(NAMESPACE):
        steps.pop()  # a cast to the definition's own type
    shape = "/".join(name + ("()" if key is not None else "") for name, key in steps)
    handler = HANDLERS.get((call.method, shape))
    if handler is None:
        raise refusals.method_not_supported(call.method)
    kind = KINDS[steps[-1][0]]
    require_customizer(scope, RIGHTS[call.method], kind)
    with scope.organization.store.transaction():
        return handler(Edit(scope, call, tuple(key for _, key in steps)))


def _create_table(edit: Edit) -> Reply:
    organization = edit.scope.organization
    table = new_table(edit.body, organization.tables.values(), edit.choice)
    organization.define(table)
    return edit.made(f"EntityDefinitions({metadata_id(table.logical_name)})")


def _change_table(edit: Edit) -> Reply:
    edit.scope.organization.define(changed_table(edit.table, edit.body, merge=edit.merging))
    return edit.made(f"EntityDefinitions({edit.keys[0]})")


def _remove_table(edit: Edit) -> Reply:
    remove_table(edit.scope.organization, edit.table)
    return Reply(204, records=1)


def _create_column(edit: Edit) -> Reply:
    before = edit.table
    after = with_new_column(before, edit.body, edit.choice)
    edit.scope.organization.define(after)
    name = next(iter(after.columns.keys() - before.columns.keys() - _came_along(before, after)))
    its_id = metadata_id(after.logical_name, name)
    return edit.made(f"EntityDefinitions({edit.keys[0]})/Attributes({its_id})")


def _came_along(before: Table, after: Table) -> set[str]:
    """All new columns but the first, which is the one that was asked for."""
    return set([name for name in after.columns if name not in before.columns][1:])


def _change_column(edit: Edit) -> Reply:
    table = edit.table
    column = changed_column(find_column(table, edit.keys[1] or ""), edit.body, merge=edit.merging)
    edit.scope.organization.define(replace(table, columns=table.columns | {column.name: column}))
    return edit.made(f"EntityDefinitions({edit.keys[0]})/Attributes({edit.keys[1]})")


def _remove_column(edit: Edit) -> Reply:
    table = edit.table
    remove_column(edit.scope.organization, table, find_column(table, edit.keys[1] or ""))
    return Reply(204, records=1)


def _create_key(edit: Edit) -> Reply:
    table = with_new_key(edit.table, edit.body)
    edit.scope.organization.define(table)
    its_id = metadata_id(table.logical_name, "key", table.keys[-1][0])
    return edit.made(f"EntityDefinitions({edit.keys[0]})/Keys({its_id})")


def _remove_key(edit: Edit) -> Reply:
    table = edit.table
    edit.scope.organization.define(without_key(table, find_key(table, edit.keys[1] or "")))
    return Reply(204, records=1)


def _create_relationship(edit: Edit) -> Reply:
    body, organization = edit.body, edit.scope.organization
    kind = str(body.get("@odata.type", "")).lstrip("#").removeprefix(NAMESPACE).removeprefix("Complex")
    if kind == "ManyToManyRelationshipMetadata":
        table = intersect_table(organization.tables, body)
        place = Place(table, None)
    elif kind == "OneToManyRelationshipMetadata":
        lookup = body.get("Lookup")
        if not isinstance(lookup, Mapping):
            raise refusals.invalid("A one-to-many relationship needs Lookup, the column that it is kept in.")
        table = with_lookup(organization.tables, [body], lookup)
        place = Place(table, list(table.navigation)[-1])
    else:
        raise refusals.unknown_type(kind or "(none)")
    organization.define(table)
    return edit.made(f"RelationshipDefinitions({place.id})")


def _change_relationship(edit: Edit) -> Reply:
    organization = edit.scope.organization
    place = find_relationship(organization.tables, edit.keys[0] or "")
    organization.define(with_changed_relationship(place, edit.body))
    return edit.made(f"RelationshipDefinitions({edit.keys[0]})")


def _remove_relationship(edit: Edit) -> Reply:
    organization = edit.scope.organization
    remove_relationship(organization, find_relationship(organization.tables, edit.keys[0] or ""))
    return Reply(204, records=1)


def _create_choice(edit: Edit) -> Reply:
    organization = edit.scope.organization
    choice = new_choice(edit.body, organization.customizations.choices)
    organization.customizations.keep_choice(choice)
    return edit.made(f"GlobalOptionSetDefinitions({metadata_id('choice', choice.name)})")


def _change_choice(edit: Edit) -> Reply:
    organization = edit.scope.organization
    choice = find_choice(organization, edit.keys[0] or "")
    keep_choice(organization, changed_choice(choice, edit.body, merge=edit.merging))
    return edit.made(f"GlobalOptionSetDefinitions({edit.keys[0]})")


def _remove_choice(edit: Edit) -> Reply:
    organization = edit.scope.organization
    forget_choice(organization, find_choice(organization, edit.keys[0] or ""))
    return Reply(204, records=1)


KINDS: Final = {
    "EntityDefinitions": "Entity",
    "Attributes": "Attribute",
    "Keys": "EntityKey",
    "RelationshipDefinitions": "Relationship",
    "GlobalOptionSetDefinitions": "OptionSet",
}
HANDLERS: Final[dict[tuple[str, str], Callable[[Edit], Reply]]] = {
    ("POST", "EntityDefinitions"): _create_table,
    ("PUT", "EntityDefinitions()"): _change_table,
    ("DELETE", "EntityDefinitions()"): _remove_table,
    ("POST", "EntityDefinitions()/Attributes"): _create_column,
    ("PUT", "EntityDefinitions()/Attributes()"): _change_column,
    ("DELETE", "EntityDefinitions()/Attributes()"): _remove_column,
    ("POST", "EntityDefinitions()/Keys"): _create_key,
    ("DELETE", "EntityDefinitions()/Keys()"): _remove_key,
    ("POST", "RelationshipDefinitions"): _create_relationship,
    ("PUT", "RelationshipDefinitions()"): _change_relationship,
    ("DELETE", "RelationshipDefinitions()"): _remove_relationship,
    ("POST", "GlobalOptionSetDefinitions"): _create_choice,
    ("PUT", "GlobalOptionSetDefinitions()"): _change_choice,
    ("DELETE", "GlobalOptionSetDefinitions()"): _remove_choice,
}
