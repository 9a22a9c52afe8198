"""What hangs on rows of a table: rows of other tables that people made and that point at them."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.dataverse import messages
from shared.dataverse.attributes import label_of
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import read_rows
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError

# "Lead table/entity reference" and "Account table/entity reference": of some seventy relationships those
# through which people's work hangs on a row. The others are made by the service itself, for every row.
_PEOPLES_WORK = frozenset(
    {
        "account",
        "activitypointer",
        "annotation",
        "connection",
        "contact",
        "contract",
        "entitlement",
        "incident",
        "invoice",
        "lead",
        "opportunity",
        "quote",
        "salesorder",
    }
)
_ADD_ONS_OF_MICROSOFT = ("msdyn", "adx_", "mspp_")


@dataclass(frozen=True, slots=True)
class Child:
    """A table whose rows point at those of another one, through one of its columns."""

    entity_set: str
    label: str
    primary_id: str
    column: str


def read_children(client: DataverseClient, table: str) -> list[Child]:
    """The tables whose rows may hang on rows of this one; customers' own tables are among them."""
    listed: list[dict[str, Any]] = client.send(messages.children_of(table)).json()["value"]
    wanted = [each for each in listed if _is_peoples_work(each)]
    tables = sorted({each["ReferencingEntity"] for each in wanted})
    answers = client.batch([messages.names_of_table(name) for name in tables])
    named = {name: found for name, answer in zip(tables, answers, strict=True) if (found := _names(answer))}
    return [
        Child(
            entity_set=names["EntitySetName"],
            label=label_of(names.get("DisplayCollectionName")) or each["ReferencingEntity"],
            primary_id=names["PrimaryIdAttribute"],
            column=each["ReferencingAttribute"],
        )
        for each in wanted
        if (names := named.get(each["ReferencingEntity"])) is not None
    ]


def find_parents(
    client: DataverseClient,
    children: Iterable[Child],
    row_ids: Sequence[str],
    *,
    without: Container[str] = (),
) -> dict[str, list[str]]:
    """The labels of what hangs on each of these rows; rows on which nothing hangs are absent.

    `without` are the ids of rows that do not count, because they are about to be deleted.
    """
    asked = [
        (
            child,
            messages.query(
                child.entity_set, select=(child.primary_id, f"_{child.column}_value"), where=where
            ),
        )
        for child in children
        for where in in_filters([(child.column, row_ids)])
    ]
    found: dict[str, list[str]] = {}
    answers = read_rows(client, [request for _, request in asked])
    for (child, _), rows in zip(asked, answers, strict=True):
        counting = [row for row in rows if str(row[child.primary_id]) not in without]
        for row_id in {str(row[f"_{child.column}_value"]).casefold() for row in counting}:
            found.setdefault(row_id, []).append(child.label)
    return found


def _is_peoples_work(relationship: dict[str, Any]) -> bool:
    name = str(relationship["ReferencingEntity"])
    if name in _PEOPLES_WORK:
        return True
    return bool(relationship["IsCustomRelationship"]) and not name.startswith(_ADD_ONS_OF_MICROSOFT)


def _names(answer: DataverseResponse | ServiceError) -> dict[str, Any] | None:
    """The names of a table; None for one that cannot be read, as it is gone in between."""
    if isinstance(answer, (RecordRejected, NeedsUser)):
        return None
    if isinstance(answer, ServiceError):
        raise answer
    names: dict[str, Any] = answer.json()
    return names
