"""What the deletion of a row does to the rows that point at it, and to its pairs in N:N relationships."""

from collections.abc import Callable
from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import TYPE_SUFFIX
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.relations import Linked, Pointing
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.values import write_moment

RESTRICT, CASCADE, NOTHING = "Restrict", "Cascade", "NoCascade"
# What the service's own relationships do ("Account table reference" and the like); others remove the link.
STANDARD: Final = {
    "contact_customer_accounts": CASCADE,
    "contact_customer_contacts": CASCADE,
    "transactioncurrency_account": RESTRICT,
    "transactioncurrency_contact": RESTRICT,
    "transactioncurrency_lead": RESTRICT,
}
KEPT: Final = frozenset(
    {
        "createdby",
        "createdonbehalfby",
        "modifiedby",
        "modifiedonbehalfby",
        "ownerid",
        "owningbusinessunit",
        "owningteam",
        "owninguser",
        "preferredsystemuserid",
    }
)

Delete = Callable[[Scope, TableKit, str], None]


def follow(scope: Scope, kit: TableKit, row_id: str, delete: Delete) -> None:
    """Does for every relationship what it says; `delete` removes a row with all that follows of it."""
    for name, found in scope.organization.collections(kit.model.name).items():
        other = scope.organization.kit(found.table)
        if isinstance(found, Linked):
            _forget_pairs(scope, found, row_id)
        elif other is not None:
            _follow_pointing(scope, other, name, found=found, row_id=row_id, delete=delete)


def _follow_pointing(
    scope: Scope, other: TableKit, name: str, *, found: Pointing, row_id: str, delete: Delete
) -> None:
    kind = _kind(other, name, found)
    if kind == NOTHING:
        return
    key = quoted(other.table.primary_id)
    where = found.condition("?", "", other.table.primary_id)
    statement = f"SELECT {key} FROM {quoted(other.model.name)} WHERE {where}"
    pointing = [row[0] for row in other.rows.store.connection.execute(statement, (row_id,)).fetchall()]
    if pointing and kind == RESTRICT:
        raise errors.still_referenced(name)
    for one in pointing:
        if kind == CASCADE:
            delete(scope, other, one)
        else:
            _remove_link(scope, other, one, found)


def _kind(other: TableKit, name: str, found: Pointing) -> str:
    chosen = other.table.relationships.get(found.bind)
    if chosen and chosen.cascades.get("Delete"):
        return chosen.cascades["Delete"]
    return NOTHING if found.column in KEPT else STANDARD.get(name, "RemoveLink")


def _remove_link(scope: Scope, other: TableKit, row_id: str, found: Pointing) -> None:
    stored = dict(other.model.stored())
    changes = {
        found.column: None,
        found.column + TYPE_SUFFIX: None,
        "modifiedon": write_moment(scope.organization.clock.now()),
        "modifiedby": scope.caller.id,
        "versionnumber": scope.organization.store.next_version(),
    }
    other.rows.update(row_id, {name: value for name, value in changes.items() if name in stored})


def _forget_pairs(scope: Scope, found: Linked, row_id: str) -> None:
    pairs = scope.organization.kit(found.intersect)
    if pairs:
        statement = f"DELETE FROM {quoted(pairs.model.name)} WHERE {quoted(found.here)} = ?"
        pairs.rows.store.connection.execute(statement, (row_id,))
