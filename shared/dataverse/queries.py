"""Runs many queries in few requests and follows their pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.dataverse import messages, refusals
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.errors import raised
from shared.dataverse.links import page_path
from shared.dataverse.messages import DataverseRequest
from shared.domain.errors import ServiceError

MAX_PARTS = 100
# 500,000 rows of one query: a search for existing records that goes on is no search any more.
MAX_PAGES = 100
MAX_BYTES = 4 * 1024 * 1024
# A part's request line, headers and boundary beside its path and body, roughly.
_FRAME = 300

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Along:
    """A request of somebody else that goes along with queries, and who takes its answer or error."""

    request: DataverseRequest
    take: Callable[[DataverseResponse | ServiceError], None]


def read_rows(
    client: DataverseClient, queries: Sequence[DataverseRequest], *, along: Along | None = None
) -> list[Rows]:
    """The rows of each query, all pages. The first error of any query is raised.

    `along` is asked in the first batch, where there is one.
    """
    rows: list[Rows] = [[] for _ in queries]
    waiting = list(enumerate(queries))
    for _ in range(MAX_PAGES):
        if not waiting:
            return rows
        following: list[tuple[int, DataverseRequest]] = []
        for group in in_batches([request for _, request in waiting], MAX_PARTS):
            asked, waiting = waiting[: len(group)], waiting[len(group) :]
            answers, along = _asked(client, group, along), None
            for (place, request), answer in zip(asked, answers, strict=True):
                following.extend(_taken(client, rows, (place, request), answer))
        waiting = following
    raise raised(refusals.FAULT, detail=f"a query has more than {MAX_PAGES} pages")


def _asked(
    client: DataverseClient, group: Sequence[DataverseRequest], along: Along | None
) -> Sequence[DataverseResponse | ServiceError]:
    if along is None:
        return client.batch(group)
    *answers, last = client.batch([*group, along.request])
    along.take(last)
    return answers


def in_batches(requests: Sequence[DataverseRequest], max_parts: int) -> Iterator[list[DataverseRequest]]:
    """The requests in their order, in groups of at most so many parts and some 4 MB."""
    group: list[DataverseRequest] = []
    used = 0
    for request in requests:
        size = len(request.path) + len(request.body or b"") + _FRAME
        if group and (len(group) == max_parts or used + size > MAX_BYTES):
            yield group
            group, used = [], 0
        group.append(request)
        used += size
    if group:
        yield group


def _taken(
    client: DataverseClient,
    rows: list[Rows],
    asked: tuple[int, DataverseRequest],
    answer: DataverseResponse | ServiceError,
) -> Iterator[tuple[int, DataverseRequest]]:
    """Keeps the rows of one page, and yields the request for the next."""
    if isinstance(answer, ServiceError):
        raise answer
    place, request = asked
    page = answer.json()
    rows[place].extend(page["value"])
    link = page.get("@odata.nextLink")
    if link:
        path = page_path(link, client.organization)
        yield place, messages.next_page(path, request.headers.get("Prefer", ""))
