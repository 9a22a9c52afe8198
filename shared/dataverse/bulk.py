"""Writes many rows in few requests, and finds out what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from shared.dataverse import messages, refusals
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.messages import DataverseRequest, Row
from shared.dataverse.pieces import Write, pieces_of, side_by_side
from shared.dataverse.queries import in_batches
from shared.dataverse.refusals import Uncertain
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError, Transient

ETAG = "@odata.etag"
MOST_UPDATES = 250
"""Single updates of one $batch: they are done one after another, and have to end before we stop waiting."""

# The whole transaction failed for a reason that may lie in one of its rows, or in their number.
_WORTH_ISOLATING = frozenset({refusals.FAULT.code, refusals.TOO_SLOW.code})


@dataclass(frozen=True, slots=True)
class Written:
    """The row with this primary key has the values that were sent."""

    id: str


WriteResult = Written | RecordRejected | Transient | NeedsUser


def create_all(
    client: DataverseClient,
    table: str,
    entity_set: str,
    rows: Sequence[Row],
    *,
    bulk: bool,
    is_end: bool = False,
) -> list[WriteResult]:
    """What became of each new row, in order. Every row carries its primary key, named `<table>id`.

    A row that is there already answers AlreadyExists. An error of the first request is raised, with nothing
    written (or Uncertain: repeat with the same keys). Later, what a row's own part answers stands in its
    place: Transient means that it was not written and may be tried again after `retry_after`.
    `is_end`: nobody comes after these rows who would use the slots that get free. Before that, each request
    more is only in the way of others.
    """
    create = partial(_create_all, client, table, entity_set, bulk=bulk)
    return _in_pieces(client, rows, create) if is_end else create(rows)


def _create_all(
    client: DataverseClient, table: str, entity_set: str, rows: Sequence[Row], *, bulk: bool
) -> list[WriteResult]:
    if bulk and len(rows) > 1:
        try:
            answer = client.send(messages.create_multiple(table, entity_set, rows))
        except ServiceError as error:
            _raise_unless_isolating(error)
        else:
            _check_ids(answer, rows)
            return _written(table, rows)
    return _one_by_one(client, [messages.create(entity_set, row) for row in rows], _keys(table, rows))


def update_all(
    client: DataverseClient,
    table: str,
    entity_set: str,
    rows: Sequence[Row],
    *,
    bulk: bool,
    is_end: bool = False,
) -> list[WriteResult]:
    """What became of each update, in order, as `create_all` says. Every row carries its primary key.

    A row that carries `@odata.etag` is written only if nobody changed it since, else ChangedMeanwhile. Such
    rows travel in a $batch, each for itself: UpdateMultiple takes no ETags.
    """
    update = partial(_update_all, client, table, entity_set, bulk=bulk)
    return _in_pieces(client, rows, update) if is_end else update(rows)


def _in_pieces(client: DataverseClient, rows: Sequence[Row], write: Write[WriteResult]) -> list[WriteResult]:
    return side_by_side(rows, pieces_of(len(rows), client.spare, client.allowance.in_one_go), write)


def _update_all(
    client: DataverseClient, table: str, entity_set: str, rows: Sequence[Row], *, bulk: bool
) -> list[WriteResult]:
    free = [place for place, row in enumerate(rows) if ETAG not in row]
    results: dict[int, WriteResult] = {}
    if bulk and len(free) > 1:
        chosen = [rows[place] for place in free]
        results = dict(zip(free, _update_in_bulk(client, table, entity_set, chosen), strict=True))
    single = [place for place in range(len(rows)) if place not in results]
    requests = [_update(table, entity_set, rows[place]) for place in single]
    keys = _keys(table, [rows[place] for place in single])
    answers = _one_by_one(client, requests, keys, at_once=MOST_UPDATES, begun=bool(results))
    results |= zip(single, answers, strict=True)
    return [results[place] for place in range(len(rows))]


def _update_in_bulk(
    client: DataverseClient, table: str, entity_set: str, rows: Sequence[Row]
) -> list[WriteResult]:
    try:
        client.send(messages.update_multiple(table, entity_set, rows))
    except ServiceError as error:
        _raise_unless_isolating(error)
    else:
        return _written(table, rows)
    requests = [_update(table, entity_set, row) for row in rows]
    return _one_by_one(client, requests, _keys(table, rows), at_once=MOST_UPDATES)


def _update(table: str, entity_set: str, row: Row) -> DataverseRequest:
    key = _key(table)
    return messages.update(entity_set, row[key], _without(row, key, ETAG), row.get(ETAG))


def _one_by_one(
    client: DataverseClient,
    requests: Sequence[DataverseRequest],
    keys: Sequence[str],
    *,
    at_once: int = messages.MAX_PARTS,
    begun: bool = False,
) -> list[WriteResult]:
    """Single writes in few $batch requests: a bad row fails alone. `begun`: others are written already."""
    results: list[WriteResult] = []
    for group in in_batches(requests, at_once):
        try:
            answers = client.batch(group)
        except (Transient, NeedsUser) as error:
            if not results and not begun:
                raise
            # What is written already must not be forgotten, so the rest carries the error.
            return [*results, *[error] * (len(keys) - len(results))]
        results.extend(map(_result, answers, keys[len(results) :]))
    return results


def _result(answer: DataverseResponse | ServiceError, key: str) -> WriteResult:
    if isinstance(answer, DataverseResponse):
        return Written(key)
    if isinstance(answer, (RecordRejected, Transient, NeedsUser)):
        return answer
    raise answer


def _raise_unless_isolating(error: ServiceError) -> None:
    """Returns where one row may be to blame; a transaction that was refused has written nothing."""
    if isinstance(error, Uncertain):
        raise error
    if not isinstance(error, RecordRejected) and error.code not in _WORTH_ISOLATING:
        raise error


def _check_ids(answer: DataverseResponse, rows: Sequence[Row]) -> None:
    ids = answer.json().get("Ids")
    if not isinstance(ids, list) or len(ids) != len(rows):
        raise Uncertain(
            refusals.FAULT.code,
            refusals.FAULT.message,
            detail=f"CreateMultiple answered {len(ids or ())} ids for {len(rows)} rows",
        )


def _written(table: str, rows: Sequence[Row]) -> list[WriteResult]:
    return [Written(key) for key in _keys(table, rows)]


def _key(table: str) -> str:
    return f"{table}id"


def _keys(table: str, rows: Sequence[Row]) -> list[str]:
    key = _key(table)
    return [row[key] for row in rows]


def _without(row: Mapping[str, object], *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
