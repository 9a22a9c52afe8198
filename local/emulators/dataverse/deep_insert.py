"""Rows created together with rows behind their navigation properties, all of them or none."""

from collections.abc import Mapping
from typing import Any, Final

from local.emulators.dataverse import associations, errors, records
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.relations import Linked, Pointing
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.writing import BIND

Body = Mapping[str, Any]
DEEPEST: Final = 10


def create(scope: Scope, kit: TableKit, body: Body, depth: int = 0) -> str:
    """The primary key of a new row; related rows that the body holds are created with it."""
    if not any(isinstance(value, dict | list) for value in body.values()):
        return records.create(scope, kit, [body])[0]
    if depth > DEEPEST:
        raise errors.query_refused("Recursion depth exceeded allowed limit.")
    with scope.organization.store.transaction():
        plain, behind = _with_lookups(scope, kit, body, depth)
        (row_id,) = records.create(scope, kit, [plain])
        for name, rows in behind.items():
            for row in rows:
                _create_related(scope, (kit, row_id), name, row, depth=depth)
    return row_id


def _with_lookups(
    scope: Scope, kit: TableKit, body: Body, depth: int
) -> tuple[dict[str, Any], dict[str, list[Body]]]:
    """The body with its lookups bound to rows created for them, and the rows of its collections."""
    plain: dict[str, Any] = {}
    behind: dict[str, list[Body]] = {}
    for name, value in body.items():
        if isinstance(value, dict) and name in kit.table.navigation:
            target = _target(scope, kit.table.navigation[name][1])
            row_id = create(scope, target, value, depth + 1)
            plain[name + BIND] = f"/{target.table.entity_set}({row_id})"
        elif isinstance(value, list) and associations.is_collection(scope, kit, name):
            if not all(isinstance(row, dict) for row in value):
                raise errors.primitive_for_navigation(kit.table.entity_set, name)
            behind[name] = value
        else:
            plain[name] = value
    return plain, behind


def _create_related(scope: Scope, parent: tuple[TableKit, str], name: str, row: Body, *, depth: int) -> None:
    kit, row_id = parent
    found = scope.organization.collections(kit.model.name)[name]
    other = _target(scope, found.table)
    if isinstance(found, Pointing):
        bind = {found.bind + BIND: f"/{kit.table.entity_set}({row_id})"}
        create(scope, other, {**row, **bind}, depth + 1)
    elif isinstance(found, Linked):
        other_id = create(scope, other, row, depth + 1)
        associations.associate(scope, parent, (other, other_id), found=found)


def _target(scope: Scope, table: str) -> TableKit:
    kit = scope.organization.kit("systemuser" if table == "owner" else table)
    if kit is None:
        raise errors.entity_missing(table)
    return kit
