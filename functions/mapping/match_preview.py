"""Which record of Dynamics a vendor record is, by which rule, and what would become of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from functions.planning import Planned
from shared.domain.compiled import CompiledMapping
from shared.domain.convert import ColumnValue
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.match_decisions import VENDOR_ID
from shared.domain.matching import Ambiguous, Candidates, Choice, ExistingRecord, Identity, ReadOnlyMatch
from shared.domain.outcomes import outcomes_of
from shared.domain.plan import Update
from shared.domain.preferences import ObjectPreferences, OnReadOnlyMatch, OnSeveralMatches


@dataclass(frozen=True, slots=True)
class Change:
    """One column of an existing record, before and after."""

    column: str
    label: str
    old: Any
    new: ColumnValue


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The records that one rule recognizes."""

    rule: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What an export would do with the record now. `rule` is the one that decides, None for none."""

    outcome: OutcomeKind
    dynamics_id: str | None
    rule: str | None
    candidates: tuple[RuleMatch, ...]
    changes: tuple[Change, ...]
    code: str | None
    reason: str | None
    column: str | None


def matches_of(planned: Planned, mapping: CompiledMapping, preferences: ObjectPreferences) -> list[Match]:
    """What would become of each record, in their order."""
    outcomes = {outcome.position: outcome for outcome in outcomes_of(planned.records, {})}
    plans = {record.position: record.plan for record in planned.records}
    found = []
    for position, plan in plans.items():
        identity = planned.identities.get(position)
        existing = None if identity is None else planned.candidates.choose(identity, preferences)
        changes: tuple[Change, ...] = ()
        if isinstance(plan, Update) and isinstance(existing, ExistingRecord):
            changes = tuple(_changes(mapping, plan.values, existing.values))
        recognized = () if identity is None else tuple(_recognized(identity, planned.candidates, preferences))
        found.append(_match(outcomes[position], recognized, changes))
    return found


def _match(outcome: Outcome, recognized: tuple[RuleMatch, ...], changes: tuple[Change, ...]) -> Match:
    deciding = (each.rule for each in recognized if outcome.dynamics_id in each.ids)
    several = (each.rule for each in recognized if len(each.ids) > 1)
    return Match(
        outcome=outcome.kind,
        dynamics_id=None if outcome.kind is OutcomeKind.CREATED else outcome.dynamics_id,
        rule=next(deciding, next(several, None) if outcome.kind is OutcomeKind.SKIPPED else None),
        candidates=recognized,
        changes=changes,
        code=outcome.code,
        reason=outcome.reason,
        column=outcome.column,
    )


def _changes(
    mapping: CompiledMapping, body: Mapping[str, ColumnValue], present: Mapping[str, Any]
) -> Iterator[Change]:
    for name, value in mapping.payloads.by_column(body).items():
        column = mapping.catalog[name]
        yield Change(name, column.label, present.get(column.wire_name), value)


def _recognized(
    identity: Identity, candidates: Candidates, preferences: ObjectPreferences
) -> Iterator[RuleMatch]:
    """What each rule alone would find. It asks the very code that chooses, one rule at a time."""
    every = replace(
        preferences,
        allow_duplicates=False,
        on_several_matches=OnSeveralMatches.SKIP,
        on_read_only_match=OnReadOnlyMatch.SKIP,
    )
    own = _ids(candidates.choose(replace(identity, keys={}), every))
    if own:
        yield RuleMatch(VENDOR_ID, own)
    if preferences.allow_duplicates:
        return
    for rule, value in identity.keys.items():
        ids = _ids(candidates.choose(replace(identity, record_id="", keys={rule: value}), every))
        if ids:
            yield RuleMatch(rule.value, ids)


def _ids(choice: Choice) -> tuple[str, ...]:
    match choice:
        case Ambiguous(ids):
            return ids
        case ReadOnlyMatch(found):
            return (found,)
        case ExistingRecord():
            return (choice.id,)
    return ()
