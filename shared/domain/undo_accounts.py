"""What becomes of the account that an export made beside a lead, when the export is undone."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.domain.account_links import COLUMN
from shared.domain.exports import Outcome
from shared.domain.matching import ExistingRecord
from shared.domain.plan import Delete, PlannedRecord, RecordPlan, Unchanged, Update
from shared.domain.undo import Hanging, was_touched

_SENTENCE = "The account that the export had made for it"


class Fate(StrEnum):
    """What is done about such an account, or why nothing is."""

    DELETED = "is deleted, too."
    GONE = "is not in Dynamics any more."
    EDITED = "was changed in Dynamics since, and is left as it is."
    INACTIVE = "is inactive in Dynamics, and is left as it is."


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """What to do about an account, and what whoever undoes the export is told of it."""

    told: str
    deletion: Delete | None = None

    @classmethod
    def of(cls, present: ExistingRecord | None, hanging: Hanging) -> "AccountPlan":
        """For an account that is now as `present` says; None: it is gone."""
        if present is None:
            return cls(sentence(Fate.GONE))
        if present.read_only:
            return cls(sentence(Fate.INACTIVE))
        if was_touched(present.values):
            return cls(sentence(Fate.EDITED))
        related = hanging(present.id)
        if related is not None:
            return cls(f"{_SENTENCE}: {related.reason[:1].lower()}{related.reason[1:]}")
        return cls(sentence(Fate.DELETED), Delete(present.id, present.etag))


def sentence(fate: str) -> str:
    """The sentence about an account of which this is true."""
    return f"{_SENTENCE} {fate}"


def bound_no_more(
    planned: Mapping[int, PlannedRecord], refused: Container[int], bound: Mapping[int, str]
) -> dict[int, str]:
    """The accounts that leads named and name no more, once these plans are carried out; by position."""
    return {
        position: account
        for position, account in bound.items()
        if position not in refused and _lets_go(planned[position].plan)
    }


def _lets_go(plan: RecordPlan) -> bool:
    if isinstance(plan, Update):
        return any(name.startswith(COLUMN) and value is None for name, value in plan.values.items())
    return isinstance(plan, (Delete, Unchanged))


def with_account_notes(outcomes: list[Outcome], told: Mapping[int, str]) -> list[Outcome]:
    """The outcomes, each with what became of the account that was made beside its lead."""
    return [_noted(each, told[each.position]) if each.position in told else each for each in outcomes]


def _noted(outcome: Outcome, note: str) -> Outcome:
    return replace(outcome, reason=f"{outcome.reason} {note}" if outcome.reason else note)
