"""What is to be done with each record of a chunk, decided before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.domain.compiled import CompiledMapping, LeftOut, Mapped, Values, protection
from shared.domain.compiled.lookups import NO_LINKS, Links
from shared.domain.compiled.protection import Written
from shared.domain.ids import ObjectType
from shared.domain.match_decisions import Match
from shared.domain.matching import (
    Ambiguous,
    Candidates,
    Choice,
    Chosen,
    ChosenGone,
    Decision,
    ExistingRecord,
    Identity,
    ReadOnlyMatch,
)
from shared.domain.preferences import MatchRule, ObjectPreferences, OnSeveralMatches
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord


@dataclass(frozen=True, slots=True)
class Create:
    """A new Dynamics record under a key of ours."""

    id: str
    values: Values


@dataclass(frozen=True, slots=True)
class Update:
    """The columns of an existing record that change. `before`: what they hold, by column, to be undone.

    `etag`: only if the record is still as it was read, for something is written that must not overwrite.
    None: everything that is written may.
    """

    id: str
    etag: str | None
    values: Values
    before: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """A record that an export created is taken away again, if it is still as it was read."""

    id: str
    etag: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An existing record that has everything already."""

    id: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Nothing is done, as the preferences say. `id`: the record in Dynamics, where there is one."""

    code: str
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """Nothing can be done with this record as it is."""

    code: str
    reason: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class MergedInto:
    """The record ends at the Dynamics record of an earlier one of the chunk and is written with it."""

    position: int
    contributed: bool


RecordPlan = Create | Update | Delete | Unchanged | Skip | Reject | MergedInto


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """The plan for the record at `position`. `note`: what was left out of it, why, and from which column.

    `match`: how it was decided which record of Dynamics it is.
    """

    position: int
    vendor_id: str | None
    plan: RecordPlan
    note: str | None = None
    column: str | None = None
    code: str | None = None
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class _Member:
    position: int
    vendor_id: str
    contributed: bool


@dataclass(slots=True)
class _Target:
    """One Dynamics record, the first vendor record that ends at it, and the later ones."""

    id: str
    existing: ExistingRecord | None
    mapped: Mapped
    position: int
    vendor_id: str
    match: Match | None
    later: list[_Member]


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Everything that decides about a record beside the record itself. `choices`: people's, by position."""

    object_type: ObjectType
    mapping: CompiledMapping
    preferences: ObjectPreferences
    choices: Mapping[int, Chosen] = field(default_factory=dict)


def ids_to_look_up(planned: Iterable[PlannedRecord], mapping: CompiledMapping) -> list[str]:
    """The records whose protected columns would change: for these one has to know what was written last."""
    if not mapping.protected:
        return []
    return [
        each.plan.id
        for each in planned
        if isinstance(each.plan, Update)
        and not mapping.protected.isdisjoint(mapping.payloads.by_column(each.plan.values))
    ]


def plan_chunk(
    records: Sequence[InputRecord],
    identities: Mapping[int, Identity],
    candidates: Candidates,
    rules: PlanRules,
    *,
    links: Links = NO_LINKS,
    written: Written | None = None,
) -> list[PlannedRecord]:
    """The plan of every record, as if they were written one after the other. `identities` by position.

    `links` are the records found for lookups. `written` None: protected columns are planned like any other.
    """
    targets = _Targets(rules, links, written)
    planned: dict[int, PlannedRecord] = {}
    for record in records:
        if isinstance(record, UnreadableRecord):
            planned[record.position] = PlannedRecord(
                record.position, None, Reject(record.code, record.reason)
            )
            continue
        identity = identities[record.position]
        decision = candidates.decide(identity, rules.preferences)
        refused = targets.place(record, identity, decision)
        if refused is not None:
            planned[record.position] = PlannedRecord(
                record.position, identity.vendor_id, refused, match=decision.match
            )
    for settled in targets.settle():
        planned[settled.position] = settled
    return [planned[record.position] for record in records]


class _Targets:
    """The Dynamics records of one chunk, each with the vendor records that end at it."""

    def __init__(self, rules: PlanRules, links: Links, written: Written | None) -> None:
        self._rules = rules
        self._links = links
        self._written = written
        decided = rules.preferences
        self._knows_by_email = MatchRule.EMAIL in decided.match_rules and not decided.allow_duplicates
        self._by_id: dict[str, _Target] = {}
        self._by_vendor_id: dict[str, str] = {}
        self._by_email: dict[str, str] = {}
        self._email_of: dict[str, str] = {}

    def place(self, record: VendorRecord, identity: Identity, decision: Decision) -> Skip | Reject | None:
        """Adds the record to its target, or says why it has none."""
        choice = decision.choice
        email = identity.email if self._knows_by_email else ""
        row_id = self._earlier(identity, choice, email)
        existing = self._existing(row_id, choice)
        present = None if existing is None else existing.values
        mapped = self._rules.mapping.map(record.fields, self._links, present)
        if mapped.rejected is not None:
            return Reject(mapped.rejected.code, mapped.rejected.message, mapped.rejected.column)
        if row_id is None:
            if not (choice is None or isinstance(choice, ExistingRecord)):
                return self._unfit(choice)
            row_id = identity.record_id if existing is None else existing.id
        self._by_vendor_id.setdefault(identity.record_id, row_id)
        if email:
            self._note_email(row_id, email, existing, mapped)
        position, vendor_id = record.position, identity.vendor_id
        if row_id in self._by_id:
            self._join(self._by_id[row_id], mapped, _Member(position, vendor_id, contributed=True))
        else:
            self._by_id[row_id] = _Target(row_id, existing, mapped, position, vendor_id, decision.match, [])
        return None

    def _unfit(self, choice: Ambiguous | ReadOnlyMatch | ChosenGone) -> Skip | Reject:
        """Why there is no record to write to."""
        match choice:
            case Ambiguous(ids):
                found = f"{len(ids)} records in Dynamics match: {', '.join(ids[:5])}."
                if self._rules.preferences.on_several_matches is OnSeveralMatches.ASK:
                    return Skip("choiceNeeded", f"{found} Choose one of them, or have a new one made.")
                return Skip("severalMatches", f"{found} Merge them there, or choose which one wins.")
            case ReadOnlyMatch(found_id):
                return Skip("readOnlyMatch", _READ_ONLY[self._rules.object_type], found_id)
            case ChosenGone():
                return Reject("chosenGone", "The chosen record is not in Dynamics any more. Export it again.")

    def _existing(self, row_id: str | None, choice: Choice) -> ExistingRecord | None:
        """The existing record at which a vendor record ends."""
        if row_id is not None:
            target = self._by_id.get(row_id)
            return None if target is None else target.existing
        return choice if isinstance(choice, ExistingRecord) else None

    def _note_email(self, row_id: str, email: str, existing: ExistingRecord | None, mapped: Mapped) -> None:
        """A target is recognized by the address that it will have in Dynamics: so the next export agrees.

        The first address fills; a later one of the same vendor id counts only where its row overwrites.
        """
        there = None if existing is None else existing.values.get(_EMAIL)
        known = self._email_of.get(row_id) or (there.strip().casefold() if isinstance(there, str) else "")
        if not known or _EMAIL in mapped.overwrite:
            self._email_of[row_id] = email
            self._by_email.setdefault(email, row_id)
        elif known == email:
            self._by_email.setdefault(email, row_id)

    def _earlier(self, identity: Identity, choice: Choice, email: str) -> str | None:
        """Where an earlier record of the chunk ended that has the same vendor id, or the same e-mail address.

        An address counts only for whom Dynamics does not know: else it has been asked already.
        """
        by_vendor_id = self._by_vendor_id.get(identity.record_id)
        if by_vendor_id is not None or not email or choice is not None:
            return by_vendor_id
        return self._by_email.get(email)

    def _join(self, target: _Target, mapped: Mapped, member: _Member) -> None:
        before = self._effect(target)
        target.mapped = target.mapped.followed_by(mapped)
        target.later.append(replace(member, contributed=self._effect(target) != before))

    def _effect(self, target: _Target) -> Values:
        """What would be written."""
        if target.existing is None:
            return self._rules.mapping.creation(target.mapped)
        return self._rules.mapping.changes(target.mapped, target.existing.values)

    def settle(self) -> Iterator[PlannedRecord]:
        """The plan of each target's first record, followed by the later ones merged into it."""
        for target in self._by_id.values():
            plan = self._decide(target)
            position, vendor_id, match = target.position, target.vendor_id, target.match
            # What is left out is known once it is decided.
            if left_out := target.mapped.left_out:
                yield PlannedRecord(position, vendor_id, plan, *_noted(left_out), match)
            else:
                yield PlannedRecord(position, vendor_id, plan, match=match)
            for member in target.later:
                merged = MergedInto(position, member.contributed)
                yield PlannedRecord(member.position, member.vendor_id, merged)

    def _decide(self, target: _Target) -> RecordPlan:
        if target.existing is None:
            return self._decide_new(target)
        differences = self._differences(target.mapped, target.existing)
        if not differences:
            return Unchanged(target.id)
        if not self._rules.preferences.update_existing:
            return Skip("updatesSwitchedOff", "The record exists, and updates are switched off.", target.id)
        mapping = self._rules.mapping
        free = target.mapped.overwriting() - mapping.protected
        etag = None if differences.keys() <= free else target.existing.etag
        changes = mapping.payloads.of_update(differences, target.existing.values)
        return Update(target.id, etag, changes, mapping.present(changes, target.existing.values))

    def _differences(self, mapped: Mapped, existing: ExistingRecord) -> Values:
        """What would be written over an existing record, by column, without what people edited there."""
        mapping = self._rules.mapping
        differences = mapping.differences(mapped, existing.values)
        if self._written is not None:
            changed = [name for name in differences if name in mapping.protected]
            kept = protection.edited(changed, (existing.id, existing.values), mapping.catalog, self._written)
            mapped.left_out = mapped.left_out + kept
            for name in (each for left_out in kept for each in mapping.standing_with(left_out.column)):
                differences.pop(name, None)
        return differences

    def _decide_new(self, target: _Target) -> RecordPlan:
        if not self._rules.preferences.create_new:
            return Skip("creationSwitchedOff", "The record is not in Dynamics, and creation is switched off.")
        values = self._effect(target)
        lacking = self._rules.mapping.missing_required(values)
        if lacking is not None:
            left_out = next((item for item in target.mapped.left_out if item.column == lacking.name), None)
            why = "the record has no value for it." if left_out is None else left_out.message
            return Reject("requiredMissing", f"Dynamics requires “{lacking.label}”: {why}", lacking.name)
        return Create(target.id, values)


def _noted(left_out: Sequence[LeftOut]) -> tuple[str, str, str | None]:
    """The note of what was left out, its column, its code."""
    note = " ".join(dict.fromkeys(item.message for item in left_out))
    protected = all(item.code == protection.CODE for item in left_out)
    return note, left_out[0].column, protection.CODE if protected else None


_EMAIL = "emailaddress1"

SEVERAL_MATCH = frozenset({"choiceNeeded", "severalMatches"})
"""The codes of records that several existing ones match, and which nobody has decided about."""
_READ_ONLY = {
    ObjectType.LEAD: "The lead is already qualified or disqualified in Dynamics and cannot be changed.",
    ObjectType.ACCOUNT: "The account is inactive in Dynamics. Activate it, or leave it as it is.",
}
