"""What hangs on records that an undo is about to delete: with that they stay."""

from collections.abc import Container, Sequence

from shared.dataverse.children import Child, find_parents, read_children
from shared.dataverse.client import DataverseClient
from shared.dataverse.refusals import ACCESS_DENIED, PRIVILEGE_MISSING
from shared.domain.errors import NeedsUser
from shared.domain.plan import Skip
from shared.domain.undo import Hanging

MAY_NOT = frozenset({PRIVILEGE_MISSING.code, ACCESS_DENIED.code})


def hanging_on(
    client: DataverseClient, table: str, row_ids: Sequence[str], *, without: Container[str] = ()
) -> Hanging:
    """What hangs on these rows of the table, but for the rows `without`.

    Where that may not be looked up, none of them is deleted.
    """
    try:
        children: list[Child] = read_children(client, table)
        found = find_parents(client, children, row_ids, without=without)
    except NeedsUser as error:
        if error.code not in MAY_NOT:
            raise
        why = f"Whether anything hangs on it cannot be looked up: {error.message}"
        return lambda row_id: Skip("relatedUnknown", why, row_id)

    def hanging(row_id: str) -> Skip | None:
        labels = found.get(row_id.casefold())
        if not labels:
            return None
        named = ", ".join(dict.fromkeys(labels))
        return Skip("hasRelated", f"It stays, for something belongs to it in Dynamics: {named}.", row_id)

    return hanging
