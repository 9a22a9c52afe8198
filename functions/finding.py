"""Finds the Dynamics records that a chunk's may be or refer to, in one round of queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import query
from shared.dataverse.metadata import TableMetadata
from shared.dataverse.odata import in_filters
from shared.dataverse.queries import Along, read_rows
from shared.domain.compiled.lookups import Links, LookupQuestion, links_of
from shared.domain.matching import (
    AGAINST_COLUMNS,
    MATCH_COLUMNS,
    Candidates,
    ExistingRecord,
    Identity,
    lookups,
)
from shared.domain.plan import PlanRules
from shared.domain.preferences import MatchRule

MOST_VALUES = 500
"""Values of one question; Dataverse refuses queries with more conditions."""

_OPEN = 0
_ALWAYS = ("statecode", "createdon")


@dataclass(frozen=True, slots=True)
class Found:
    """What Dynamics has: records that one of ours may be, and records that ours refer to."""

    candidates: Candidates
    links: Links


def find(
    client: DataverseClient,
    table: TableMetadata,
    rules: PlanRules,
    identities: Sequence[Identity],
    *,
    lookup_questions: Sequence[LookupQuestion] = (),
    along: Along | None = None,
) -> Found:
    """Everything in Dynamics that one of the records may be or refer to. `along` is asked with it."""
    asked = lookups(rules.object_type, identities, MOST_VALUES)
    match_rules = rules.preferences.match_rules
    select = _selected(table, rules.mapping.compared, match_rules)
    questions = [
        query(table.entity_set, select=select, where=where)
        for lookup in asked
        for where in in_filters(lookup.conditions)
    ]
    of_links = [
        (question, query(question.target.entity_set, select=question.select, where=where))
        for question in lookup_questions
        for where in in_filters([(question.column, question.values)])
    ]
    answers = read_rows(client, [*questions, *(request for _, request in of_links)], along=along)
    linked = zip((question for question, _ in of_links), answers[len(questions) :], strict=True)
    return Found(Candidates(_existing(table, answers[: len(questions)]), match_rules), links_of(linked))


def _selected(table: TableMetadata, compared: Iterable[str], rules: Iterable[MatchRule]) -> list[str]:
    wanted = [
        table.primary_id,
        *_ALWAYS,
        *(column for rule in rules for column in (*MATCH_COLUMNS[rule], *AGAINST_COLUMNS.get(rule, ()))),
        *compared,
    ]
    known = (name for name in dict.fromkeys(wanted) if name == table.primary_id or name in table.columns)
    return [table.columns[name].wire_name if name in table.columns else name for name in known]


def _existing(
    table: TableMetadata,
    answers: Iterable[Iterable[Mapping[str, Any]]],
) -> Iterator[ExistingRecord]:
    """Each once, though most of them are found by several questions."""
    found: dict[str, Mapping[str, Any]] = {}
    for rows in answers:
        for row in rows:
            found.setdefault(str(row[table.primary_id]), row)
    for row_id, row in found.items():
        yield ExistingRecord(
            id=row_id,
            etag=str(row.get("@odata.etag", "")),
            values=row,
            read_only=row.get("statecode", _OPEN) != _OPEN,
            created_on=str(row.get("createdon") or ""),
        )
