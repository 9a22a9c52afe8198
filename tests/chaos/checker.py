"""Decides whether every record came through a chaos round exactly once and unharmed."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.people import EDITED_COLUMN, FILLED, Kind, Person
from tests.chaos.witness import Json, SeenExport, Witness

_WRITTEN = frozenset({"created", "updated", "unchanged"})
_KINDS = (*sorted(_WRITTEN), "skipped", "failed")


class Fault(StrEnum):
    """What may have gone wrong with a promise."""

    NOT_ENDED = "notEnded"
    OUTCOME_MISSING = "outcomeMissing"
    OUTCOME_DOUBLED = "outcomeDoubled"
    OUTCOME_OF_NOBODY = "outcomeOfNobody"
    OUTCOME_WRONG = "outcomeWrong"
    COUNTS_WRONG = "countsWrong"
    RECORD_MISSING = "recordMissing"
    RECORD_DOUBLED = "recordDoubled"
    RECORD_OF_NOBODY = "recordOfNobody"
    RECORD_INCOMPLETE = "recordIncomplete"
    OVERWRITTEN = "overwritten"
    EDIT_LOST = "editLost"


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise, and the least that shows it."""

    fault: Fault
    shown_by: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.fault}: {self.shown_by}"


def violations(witness: Witness) -> list[Violation]:
    """Every broken promise; none where all went as it should."""
    found = [each for export in witness.exports for rule in _OF_EXPORTS for each in rule(export)]
    for person in _everybody(witness).values():
        found += _row_faults(witness, person)
        found += _created_before(witness, person)
    return found + list(_strangers(witness))


def said_twice(witness: Witness) -> list[str]:
    """People whom two lines of input say to have created, though there is one lead.

    No broken promise: who repeats an interrupted creation cannot know who made the lead that is as planned.
    """
    return [email for email, person in _everybody(witness).items() if len(_created(witness, person)) > 1]


def _everybody(witness: Witness) -> dict[str, Person]:
    """Whose line can be read, by e-mail."""
    return {person.email: person for export in witness.exports for person in export.people if person.vendor}


def _ended(seen: SeenExport) -> Iterator[Violation]:
    if not seen.export["endedAt"]:
        yield Violation(Fault.NOT_ENDED, f"export {seen.id} is {seen.export['state']}: {seen.export}")


def _one_outcome_each(seen: SeenExport) -> Iterator[Violation]:
    positions = Counter(int(outcome["position"]) for outcome in seen.outcomes)
    expected = set(range(1, len(seen.people) + 1))
    missing = sorted(expected - positions.keys())
    if missing:
        shown = f"{len(missing)} positions from {missing[0]} to {missing[-1]}"
        yield Violation(Fault.OUTCOME_MISSING, f"export {seen.id}, {shown}")
    for position in sorted(positions.keys() - expected):
        yield Violation(Fault.OUTCOME_OF_NOBODY, f"export {seen.id}, position {position}")
    for position, times in positions.items():
        if times > 1:
            yield Violation(Fault.OUTCOME_DOUBLED, f"export {seen.id}, position {position}: {times} outcomes")


def _right_outcomes(seen: SeenExport) -> Iterator[Violation]:
    for outcome in seen.outcomes:
        position = int(outcome["position"])
        if position > len(seen.people):
            continue
        person = seen.people[position - 1]
        right = {"failed"} if person.kind is Kind.BROKEN else _WRITTEN
        if outcome["outcome"] not in right:
            yield Violation(Fault.OUTCOME_WRONG, f"export {seen.id}, {person.kind} person: {outcome}")


def _right_counts(seen: SeenExport) -> Iterator[Violation]:
    counted = Counter(str(outcome["outcome"]) for outcome in seen.outcomes)
    expected = {"total": len(seen.people), **{kind: counted[kind] for kind in _KINDS}}
    told = {name: seen.export["counts"].get(name) for name in expected}
    if told != expected:
        yield Violation(
            Fault.COUNTS_WRONG, f"export {seen.id} says {told}, its outcomes and input say {expected}"
        )


_OF_EXPORTS: tuple[Callable[[SeenExport], Iterator[Violation]], ...] = (
    _ended,
    _one_outcome_each,
    _right_outcomes,
    _right_counts,
)


def _row_faults(witness: Witness, person: Person) -> Iterator[Violation]:
    rows = witness.rows_of(person.email)
    if not rows:
        # Deleted after it was written: gone for good, as whoever deleted it wanted.
        if person.kind is not Kind.DOOMED:
            yield Violation(Fault.RECORD_MISSING, f"{person.kind} person {person.email}")
        return
    if len(rows) > 1:
        ids = ", ".join(str(row["leadid"]) for row in rows)
        yield Violation(Fault.RECORD_DOUBLED, f"{person.kind} person {person.email}: {ids}")
        return
    if person.email not in witness.perhaps:
        yield from _value_faults(person, rows[0], witness.edits.get(person.email))
    yield from _other_ids(witness, person, str(rows[0]["leadid"]))


def _value_faults(person: Person, row: Json, edit: str | None) -> Iterator[Violation]:
    if person.kind is Kind.DOOMED:
        return
    where = f"{person.kind} person {person.email}"
    for column, value in person.kept.items():
        if row.get(column) != value:
            yield Violation(Fault.OVERWRITTEN, f"{where}, {column}: {value!r} became {row.get(column)!r}")
    if edit is not None and row.get(EDITED_COLUMN) != edit:
        yield Violation(
            Fault.EDIT_LOST, f"{where}, {EDITED_COLUMN}: {edit!r} became {row.get(EDITED_COLUMN)!r}"
        )
    for field, column in FILLED.items():
        free = column not in person.kept and not (edit is not None and column == EDITED_COLUMN)
        if free and row.get(column) != person.vendor[field]:
            yield Violation(Fault.RECORD_INCOMPLETE, f"{where}, {column}: {row.get(column)!r}")


def _other_ids(witness: Witness, person: Person, row_id: str) -> Iterator[Violation]:
    if person.kind is Kind.DOOMED:
        return
    for seen, outcome in _outcomes_of(witness, person):
        named = outcome.get("dynamicsId")
        if outcome["outcome"] in _WRITTEN and named != row_id:
            yield Violation(
                Fault.OUTCOME_WRONG,
                f"export {seen.id} names {named} for {person.email}, whose lead is {row_id}",
            )


def _created_before(witness: Witness, person: Person) -> Iterator[Violation]:
    """Whoever was there before cannot be created."""
    created = _created(witness, person)
    if person.kept and person.kind is not Kind.DOOMED and created:
        yield Violation(Fault.OUTCOME_WRONG, f"{person.kind} person {person.email} created by {created}")


def _created(witness: Witness, person: Person) -> list[str]:
    return [
        f"{seen.id} at {outcome['position']}"
        for seen, outcome in _outcomes_of(witness, person)
        if outcome["outcome"] == "created"
    ]


def _outcomes_of(witness: Witness, person: Person) -> Iterator[tuple[SeenExport, Json]]:
    for seen in witness.exports:
        for outcome in seen.outcomes:
            position = int(outcome["position"])
            if position <= len(seen.people) and seen.people[position - 1].email == person.email:
                yield seen, outcome


def _strangers(witness: Witness) -> Iterator[Violation]:
    known = {person.email.lower() for export in witness.exports for person in export.people}
    for row in witness.rows:
        if str(row.get("emailaddress1")).lower() not in known:
            yield Violation(Fault.RECORD_OF_NOBODY, f"lead {row['leadid']}: {row.get('emailaddress1')!r}")
