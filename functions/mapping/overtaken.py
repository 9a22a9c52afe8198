"""What whoever comes second is told: who was quicker, when, and what differs row by row."""

from collections.abc import Sequence

from functions.mapping.differences import differences
from shared.domain.errors import Problem, Stale
from shared.domain.mapping import MappingRow
from shared.storage.mapping_versions import VersionNote


def overtaken(
    present: Sequence[MappingRow],
    newest: VersionNote | None,
    *,
    base: Sequence[MappingRow] | None,
    sent: Sequence[MappingRow] | None,
) -> Stale:
    """Compares the rows in force with those the caller had read or, where these are unknown, has sent."""
    compared = base if base is not None else sent
    problems = [] if compared is None else differences(compared, present)
    since = "since you read it" if base is not None else "and differs from what you sent"
    return Stale(
        "changedMeanwhile",
        f"The mapping was changed {since}: {_by_whom(newest)} {_how_many(problems)}"
        "Read it again, then repeat your change.",
        problems=problems,
    )


def _by_whom(newest: VersionNote | None) -> str:
    if newest is None:
        return "it is the default one."
    what = "brought the default mapping back" if newest.is_default else f"saved version {newest.version}"
    when = f" at {newest.updated_at}" if newest.updated_at else ""
    return f"{newest.updated_by or 'somebody'} {what}{when}."


def _how_many(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    count = "1 difference" if len(problems) == 1 else f"{len(problems)} differences"
    return f"“errors” names {count}. "
