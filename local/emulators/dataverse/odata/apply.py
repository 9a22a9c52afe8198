"""$apply read: a filter, the columns to group by, the aggregates."""

import re
from dataclasses import dataclass
from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.metadata_query import split_outside

STEP: Final = re.compile(r"\s*(filter|groupby|aggregate)\s*\((.*)\)\s*", re.DOTALL)
GROUP: Final = re.compile(r"\s*\(([^()]*)\)\s*(?:,\s*aggregate\s*\((.*)\)\s*)?", re.DOTALL)
AGGREGATE: Final = re.compile(
    r"\s*(?:\$count\s+as\s+(?P<count>\w+)|(?P<path>[\w/]+)\s+with\s+(?P<method>\w+)\s+as\s+(?P<alias>\w+))\s*"
)
METHODS: Final = frozenset({"sum", "average", "min", "max", "countdistinct"})


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One computed value; without a path it counts the rows."""

    alias: str
    method: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Apply:
    """What $apply asks for; `filters` hold together."""

    filters: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    aggregates: tuple[Aggregate, ...]


def read_apply(text: str) -> Apply:
    """The transformations in the text of $apply: filters first, then one groupby or aggregate."""
    filters: list[str] = []
    steps = split_outside(text, "/")
    for position, step in enumerate(steps):
        found = STEP.fullmatch(step)
        if found is None:
            raise errors.query_refused(f"The transformation '{step.strip()}' of $apply is not supported.")
        if found[1] == "filter":
            filters.append(found[2])
            continue
        if position != len(steps) - 1:
            raise errors.query_refused(f"Nothing can follow '{found[1]}' in $apply.")
        groups, aggregates = _grouped(found[2]) if found[1] == "groupby" else ((), found[2])
        return Apply(tuple(filters), groups, tuple(map(_aggregate, split_outside(aggregates, ","))))
    raise errors.not_emulated("$apply with a filter alone")


def _grouped(text: str) -> tuple[tuple[tuple[str, ...], ...], str]:
    found = GROUP.fullmatch(text)
    if found is None or not found[1].strip():
        raise errors.query_refused(f"Syntax error in groupby: '{text}'.")
    return tuple(tuple(name.strip().split("/")) for name in found[1].split(",")), found[2] or ""


def _aggregate(text: str) -> Aggregate:
    found = AGGREGATE.fullmatch(text)
    if found is None:
        raise errors.query_refused(f"Syntax error in aggregate: '{text.strip()}'.")
    if found["count"]:
        return Aggregate(found["count"], "count")
    if found["method"] not in METHODS:
        raise errors.query_refused(f"The aggregation method '{found['method']}' is not supported.")
    return Aggregate(found["alias"], found["method"], tuple(found["path"].split("/")))
