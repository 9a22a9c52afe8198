"""One table: rows read, written and deleted on the condition that nobody else changed them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.domain.errors import Conflict, Stale
from shared.storage.entities import Properties, Scalar, entity
from shared.storage.faults import storage_faults, unless_resource_missing
from shared.storage.filters import Filter
from shared.storage.transactions import Row, transactions

if TYPE_CHECKING:
    from azure.data.tables import TableClient, TableEntity

T = TypeVar("T")
_PREFIX_END = "\uffff"
_MOST_AT_ONCE = 1000  # "Query timeout and pagination"


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """A value as it is kept, with the tag that a conditional change has to name."""

    value: T
    etag: str


_Place = tuple[str, str, str]
_AT_HAND: ContextVar[Mapping[_Place, Stored[dict[str, Any]] | None]] = ContextVar("at_hand", default={})  # noqa: B039 - never changed


class AlreadyExists(Conflict):
    """A row of that key is there already."""

    def __init__(self, table: str) -> None:
        super().__init__("alreadyExists", "This exists already.", detail=table)


class Changed(Stale):
    """The row is no longer as it was read: changed, or gone."""

    def __init__(self, table: str) -> None:
        super().__init__(
            "changedMeanwhile",
            "Somebody else changed this in the meantime. Read it again and repeat your change.",
            detail=table,
        )


class TableStore:
    """The rows of one table. Connects at first use; safe to share between threads."""

    def __init__(self, name: str, connect: Callable[[], "TableClient"]) -> None:
        self._name = name
        self._connect = connect

    def get(self, partition: str, row: str) -> Stored[dict[str, Any]] | None:
        """The row's properties, without its keys; None when there is no such row."""
        place = self._name, partition, row
        at_hand = _AT_HAND.get()
        return at_hand[place] if place in at_hand else self._get(partition, row)

    @contextmanager
    def at_hand(self, partition: str, rows: Sequence[str]) -> Iterator[None]:
        """Reads a few rows of a partition with one request: within the block they are as they were then.

        For what only reads. A change under a tag of then is refused where somebody was quicker.
        """
        names = {f"row{number}": row for number, row in enumerate(rows)}
        wanted = " or ".join(f"RowKey eq @{name}" for name in names)
        where = Filter(f"PartitionKey eq @partition and ({wanted})", {"partition": partition, **names})
        found = {str(each.value.pop("RowKey")): each for each in self._query(where, None, keys=("RowKey",))}
        mark = _AT_HAND.set({(self._name, partition, row): found.get(row) for row in rows})
        try:
            yield
        finally:
            _AT_HAND.reset(mark)

    def _get(self, partition: str, row: str) -> Stored[dict[str, Any]] | None:
        from azure.core.exceptions import ResourceNotFoundError

        with storage_faults(self._name):
            try:
                found = self._connect().get_entity(partition, row)
            except ResourceNotFoundError as error:
                unless_resource_missing(error)
                return None
        return _stored(found, keys=())

    def insert(self, partition: str, row: str, properties: Properties) -> str:
        """Adds the row; gives its ETag. AlreadyExists when the key is taken."""
        from azure.core.exceptions import ResourceExistsError

        with storage_faults(self._name):
            try:
                return str(self._connect().create_entity(entity(partition, row, properties))["etag"])
            except ResourceExistsError as error:
                raise AlreadyExists(self._name) from error

    def put(self, partition: str, row: str, properties: Properties) -> str:
        """Writes the row whatever was there; gives its ETag."""
        from azure.data.tables import UpdateMode

        with storage_faults(self._name):
            written = self._connect().upsert_entity(
                entity(partition, row, properties), mode=UpdateMode.REPLACE
            )
            return str(written["etag"])

    def replace(self, partition: str, row: str, properties: Properties, etag: str) -> str:
        """Writes the row if it is still as it was read; gives the new ETag. Changed when it is not."""
        from azure.core import MatchConditions
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
        from azure.data.tables import UpdateMode

        with storage_faults(self._name):
            try:
                written = self._connect().update_entity(
                    entity(partition, row, properties),
                    mode=UpdateMode.REPLACE,
                    etag=etag,
                    match_condition=MatchConditions.IfNotModified,
                )
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                raise Changed(self._name) from error
            return str(written["etag"])

    def delete(self, partition: str, row: str, etag: str | None = None) -> None:
        """Removes the row. With an ETag, Changed when the row is no longer so or is gone."""
        from azure.core import MatchConditions
        from azure.core.exceptions import ResourceModifiedError

        statuses: list[int] = []
        condition = MatchConditions.Unconditionally if etag is None else MatchConditions.IfNotModified
        with storage_faults(self._name):
            try:
                self._connect().delete_entity(
                    partition,
                    row,
                    etag=etag,
                    match_condition=condition,
                    # The SDK keeps silent about a missing row; whoever came second has to hear of it.
                    raw_response_hook=lambda response: statuses.append(response.http_response.status_code),
                )
            except ResourceModifiedError as error:
                raise Changed(self._name) from error
        if etag is not None and statuses[-1:] == [404]:
            raise Changed(self._name)

    def rows(
        self,
        partition: str,
        *,
        select: Sequence[str] | None = None,
        first: str | None = None,
        after: str | None = None,
        prefix: str | None = None,
    ) -> Iterator[Stored[dict[str, Any]]]:
        """Rows of a partition in key order, each with its RowKey.

        `first` is the lowest key wanted, `after` excludes itself, `prefix` is how the keys start.
        """
        text = "PartitionKey eq @partition"
        values: dict[str, Scalar] = {"partition": partition}
        for bound, condition in ((first, "RowKey ge @first"), (after, "RowKey gt @after")):
            if bound is not None:
                text = f"{text} and {condition}"
                values[condition.rpartition("@")[2]] = bound
        if prefix is not None:
            text = f"{text} and RowKey ge @prefix and RowKey lt @prefix_end"
            values |= {"prefix": prefix, "prefix_end": prefix + _PREFIX_END}
        columns = None if select is None else ["RowKey", *select]
        yield from self._query(Filter(text, values), columns, keys=("RowKey",))

    def page(
        self, partition: str, size: int, token: str | None = None, where: Filter | None = None
    ) -> tuple[list[Stored[dict[str, Any]]], str | None]:
        """At most `size` rows of a partition, each with its RowKey, and the token of the next page."""
        text = "PartitionKey eq @partition and RowKey gt @token"
        values: dict[str, Scalar] = {"partition": partition, "token": token or ""}
        if where is not None:
            text = f"{text} and ({where.text})"
            values = {**where.values, **values}
        at_once = min(size + 1, _MOST_AT_ONCE)
        query = self._query(Filter(text, values), None, keys=("RowKey",), at_once=at_once)
        found = list(islice(query, size + 1))
        more = len(found) > size
        return found[:size], found[size - 1].value["RowKey"] if more else None

    def everywhere(self, where: Filter) -> Iterator[Stored[dict[str, Any]]]:
        """Rows of all tenants, with both keys: for the sweep alone."""
        return self._query(where, None, keys=("PartitionKey", "RowKey"))

    def insert_many(self, partition: str, rows: Iterable[Row]) -> None:
        """Adds rows in transactions of at most 100, each all or nothing. AlreadyExists for a taken key."""
        self._transact(partition, rows, "create", {})

    def put_many(self, partition: str, rows: Iterable[Row]) -> None:
        """Writes rows whatever was there, in transactions of at most 100, each all or nothing."""
        from azure.data.tables import UpdateMode

        self._transact(partition, rows, "upsert", {"mode": UpdateMode.REPLACE})

    def merge_many(self, partition: str, rows: Iterable[Row]) -> None:
        """The same, but properties that are not named stay as they are."""
        from azure.data.tables import UpdateMode

        self._transact(partition, rows, "upsert", {"mode": UpdateMode.MERGE})

    def delete_all(self, partition: str) -> int:
        """Removes every row of the partition; gives how many there were."""
        names = [str(found.value["RowKey"]) for found in self.rows(partition, select=())]
        for name in names:
            self.delete(partition, name)
        return len(names)

    def _transact(self, partition: str, rows: Iterable[Row], action: str, options: dict[str, Any]) -> None:
        from azure.core.exceptions import HttpResponseError

        for transaction in transactions(partition, rows):
            operations = [
                (action, entity(partition, row, properties), options) for row, properties in transaction
            ]
            with storage_faults(self._name):
                try:
                    self._connect().submit_transaction(operations)
                except HttpResponseError as error:
                    if error.status_code == 409:
                        raise AlreadyExists(self._name) from error
                    raise

    def _query(
        self,
        where: Filter,
        columns: list[str] | None,
        *,
        keys: Sequence[str],
        at_once: int = _MOST_AT_ONCE,
    ) -> Iterator[Stored[dict[str, Any]]]:
        with storage_faults(self._name):
            found = self._connect().query_entities(where.odata(), select=columns, results_per_page=at_once)
            for row in found:
                yield _stored(row, keys=keys)


def _stored(found: "TableEntity", *, keys: Sequence[str]) -> Stored[dict[str, Any]]:
    dropped = {"PartitionKey", "RowKey"}.difference(keys)
    properties = {name: _plain(value) for name, value in found.items() if name not in dropped}
    return Stored(properties, str(found.metadata["etag"]))


def _plain(value: Any) -> Any:
    """An Int64 comes as a pair of value and type."""
    return value[0] if isinstance(value, tuple) else value
