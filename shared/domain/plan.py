"""What is to be done with each record of a chunk, decided before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.compiled import CompiledMapping, Mapped, Values
from shared.domain.ids import ObjectType
from shared.domain.matching import Ambiguous, Candidates, Choice, ExistingRecord, Identity, ReadOnlyMatch
from shared.domain.preferences import MatchRule, ObjectPreferences
from shared.domain.records import InputRecord, UnreadableRecord, VendorRecord


@dataclass(frozen=True, slots=True)
class Create:
    """A new Dynamics record under a key of ours."""

    id: str
    values: Values


@dataclass(frozen=True, slots=True)
class Update:
    """The columns of an existing record that change."""

    id: str
    etag: str
    values: Values


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


RecordPlan = Create | Update | Unchanged | Skip | Reject | MergedInto


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """The plan for the record at `position`. `note`: what was left out of it, and from which column."""

    position: int
    vendor_id: str | None
    plan: RecordPlan
    note: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class _Member:
    position: int
    vendor_id: str
    contributed: bool


@dataclass(slots=True)
class _Target:
    """One Dynamics record and the vendor records that end at it, in the order of the file."""

    id: str
    existing: ExistingRecord | None
    mapped: Mapped
    members: list[_Member]


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Everything that decides about a record beside the record itself."""

    object_type: ObjectType
    mapping: CompiledMapping
    preferences: ObjectPreferences


def plan_chunk(
    records: Sequence[InputRecord],
    identities: Mapping[int, Identity],
    candidates: Candidates,
    rules: PlanRules,
) -> list[PlannedRecord]:
    """The plan of every record, as if they were written one after the other. `identities` by position."""
    targets = _Targets(rules)
    planned: dict[int, PlannedRecord] = {}
    for record in records:
        if isinstance(record, UnreadableRecord):
            planned[record.position] = PlannedRecord(
                record.position, None, Reject(record.code, record.reason)
            )
            continue
        identity = identities[record.position]
        refused = targets.place(record, identity, candidates.choose(identity, rules.preferences))
        if refused is not None:
            planned[record.position] = PlannedRecord(record.position, identity.vendor_id, refused)
    planned |= targets.settle()
    return [planned[record.position] for record in records]


class _Targets:
    """The Dynamics records of one chunk, each with the vendor records that end at it."""

    def __init__(self, rules: PlanRules) -> None:
        self._rules = rules
        self._by_id: dict[str, _Target] = {}
        self._new_by_email: dict[str, str] = {}

    def place(self, record: VendorRecord, identity: Identity, choice: Choice) -> Skip | Reject | None:
        """Adds the record to its target, or says why it has none."""
        mapped = self._rules.mapping.map(record.fields)
        if mapped.rejected is not None:
            return Reject(mapped.rejected.code, mapped.rejected.message, mapped.rejected.column)
        match choice:
            case Ambiguous(ids):
                found = f"{len(ids)} records in Dynamics match: {', '.join(ids[:5])}."
                return Skip("severalMatches", f"{found} Merge them there, or choose which one wins.")
            case ReadOnlyMatch(found_id):
                return Skip("readOnlyMatch", _READ_ONLY[self._rules.object_type], found_id)
        row_id = self._new_id(identity) if choice is None else choice.id
        self._join(row_id, choice, mapped, (record.position, identity.vendor_id))
        return None

    def _new_id(self, identity: Identity) -> str:
        """The key of a new record; the same one for a person who appears twice under one e-mail address."""
        key = identity.keys.get(MatchRule.EMAIL)
        if key is None or self._rules.preferences.allow_duplicates:
            return identity.record_id
        return self._new_by_email.setdefault(key[0].casefold(), identity.record_id)

    def _join(
        self,
        row_id: str,
        existing: ExistingRecord | None,
        mapped: Mapped,
        member: tuple[int, str],
    ) -> None:
        target = self._by_id.get(row_id)
        if target is None:
            self._by_id[row_id] = _Target(row_id, existing, mapped, [_Member(*member, contributed=True)])
            return
        merged = target.mapped.followed_by(mapped)
        contributed = merged.for_create() != target.mapped.for_create()
        target.mapped = merged
        target.members.append(_Member(*member, contributed=contributed))

    def settle(self) -> dict[int, PlannedRecord]:
        """The plan of each target's first record, with the later ones merged into it; by position."""
        return {
            planned.position: planned for target in self._by_id.values() for planned in self._settle(target)
        }

    def _settle(self, target: _Target) -> list[PlannedRecord]:
        plan = self._decide(target)
        first, *later = target.members
        left_out = target.mapped.left_out
        note = " ".join(dict.fromkeys(item.message for item in left_out)) or None
        column = left_out[0].column if left_out else None
        return [
            PlannedRecord(first.position, first.vendor_id, plan, note, column),
            *(
                PlannedRecord(
                    member.position,
                    member.vendor_id,
                    MergedInto(first.position, member.contributed),
                )
                for member in later
            ),
        ]

    def _decide(self, target: _Target) -> RecordPlan:
        if target.existing is None:
            return self._decide_new(target)
        changes = self._rules.mapping.changes(target.mapped, target.existing.values)
        if not changes:
            return Unchanged(target.id)
        if not self._rules.preferences.update_existing:
            return Skip("updatesSwitchedOff", "The record exists, and updates are switched off.", target.id)
        return Update(target.id, target.existing.etag, changes)

    def _decide_new(self, target: _Target) -> RecordPlan:
        if not self._rules.preferences.create_new:
            return Skip("creationSwitchedOff", "The record is not in Dynamics, and creation is switched off.")
        mapping = self._rules.mapping
        values = mapping.creation(target.mapped)
        lacking = mapping.missing_required(values)
        if lacking is not None:
            reason = f"Dynamics requires “{lacking.label}”, and the record has no value for it."
            return Reject("requiredMissing", reason, lacking.name)
        return Create(target.id, values)


_READ_ONLY = {
    ObjectType.LEAD: "The lead is already qualified or disqualified in Dynamics and cannot be changed.",
    ObjectType.ACCOUNT: "The account is inactive in Dynamics. Activate it, or leave it as it is.",
}
