"""Tells in the outcome of a new record that it could not be given to whoever exported it."""

from dataclasses import replace

from functions.owners import Owner
from shared.domain.exports import Outcome, OutcomeKind

CODE = "ownerFallback"
_REASON = (
    "No Dynamics user with the e-mail address of whoever started the export may own it, "
    "so it belongs to the account of the connection."
)


def with_owner_notes(outcomes: list[Outcome], owner: Owner | None) -> list[Outcome]:
    """The outcomes, with the note on each new record. `owner` None: people export as themselves."""
    if owner is None or not any(each.kind is OutcomeKind.CREATED for each in outcomes) or owner.id:
        return outcomes
    return [_noted(each) if each.kind is OutcomeKind.CREATED else each for each in outcomes]


def _noted(outcome: Outcome) -> Outcome:
    """Another note comes first: what was left out of the record matters more."""
    reason = f"{outcome.reason} {_REASON}" if outcome.reason else _REASON
    return replace(outcome, code=outcome.code or CODE, reason=reason)
