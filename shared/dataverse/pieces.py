"""Writes the last rows of an export in several requests at once, which would else be done one by one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import chain, pairwise
from typing import TypeVar

from shared.dataverse.messages import Row
from shared.domain.errors import NeedsUser, Transient

LEAST = 150
"""Rows of a piece: for fewer, a request of its own costs more than it saves."""

LEAST_WAITING = 250
"""The same where each piece may have to wait for a slot."""

R = TypeVar("R")
Error = Transient | NeedsUser
Write = Callable[[Sequence[Row]], list[R]]


def pieces_of(rows: int, spare: int, most: int | None) -> int:
    """In how many requests so many rows are written at once.

    `spare`: requests that could be under way beside one. `most`: more are not granted (None: as many as are
    of use).
    """
    wanted = max(1, min(rows // LEAST, 1 + spare), rows // LEAST_WAITING)
    return wanted if most is None else max(1, min(wanted, most))


def side_by_side(rows: Sequence[Row], pieces: int, write: Write[R]) -> list[R | Error]:
    """What became of each row, in order. An error is raised where it is that of every piece.

    Else it stands in the place of each row of its piece.
    """
    if pieces == 1:
        return [*write(rows)]
    bounds = [len(rows) * number // pieces for number in range(pieces + 1)]
    parts = [rows[begin:end] for begin, end in pairwise(bounds)]
    with ThreadPoolExecutor(pieces - 1, thread_name_prefix="piece") as threads:
        others = [threads.submit(copy_context().run, _outcome, write, part) for part in parts[1:]]
        outcomes = [_outcome(write, parts[0]), *(other.result() for other in others)]
    if all(isinstance(outcome, Exception) for outcome in outcomes):
        raise next(outcome for outcome in outcomes if isinstance(outcome, Exception))
    return list(chain.from_iterable(map(_each, outcomes, parts)))


def _outcome(write: Write[R], part: Sequence[Row]) -> list[R] | Error:
    try:
        return write(part)
    except (Transient, NeedsUser) as error:
        return error


def _each(outcome: list[R] | Error, part: Sequence[Row]) -> Sequence[R | Error]:
    return [outcome] * len(part) if isinstance(outcome, Exception) else outcome
