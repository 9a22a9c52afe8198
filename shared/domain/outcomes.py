"""The outcome of each record, from what was planned and what Dynamics answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shared.domain.errors import RecordRejected
from shared.domain.exports import Outcome, OutcomeKind
from shared.domain.plan import (
    Create,
    Delete,
    MergedInto,
    PlannedRecord,
    RecordPlan,
    Reject,
    Skip,
    Unchanged,
    Update,
)
from shared.domain.records import InputRecord, VendorRecord

_CHANGED = frozenset({OutcomeKind.CREATED, OutcomeKind.UPDATED})


def outcomes_of(
    planned: Sequence[PlannedRecord],
    rejections: Mapping[int, RecordRejected],
) -> list[Outcome]:
    """One outcome a record. `rejections` by position: the writes that Dynamics refused."""
    by_position: dict[int, Outcome] = {}
    for record in planned:
        if isinstance(record.plan, MergedInto):
            by_position[record.position] = _merged(record, record.plan, by_position[record.plan.position])
        elif (error := rejections.get(record.position)) is not None:
            by_position[record.position] = _rejected(record, error)
        else:
            by_position[record.position] = _as_planned(record)
    return list(by_position.values())


def _as_planned(record: PlannedRecord) -> Outcome:
    plan, row_id, column = record.plan, None, record.column
    code, reason = (record.code or "valuesLeftOut") if record.note else None, record.note
    match plan:
        case Create() | Update() | Delete() | Unchanged():
            row_id = plan.id
        case Skip():
            row_id, code, reason, column = plan.id, plan.code, plan.reason, None
        case Reject():
            code, reason, column = plan.code, plan.reason, plan.column
    return Outcome(
        position=record.position,
        vendor_id=record.vendor_id,
        kind=_KINDS[type(plan)],
        dynamics_id=row_id,
        code=code,
        reason=reason,
        column=column,
        match=record.match,
    )


_KINDS: dict[type[RecordPlan], OutcomeKind] = {
    Create: OutcomeKind.CREATED,
    Update: OutcomeKind.UPDATED,
    Delete: OutcomeKind.UPDATED,
    Unchanged: OutcomeKind.UNCHANGED,
    Skip: OutcomeKind.SKIPPED,
    Reject: OutcomeKind.FAILED,
}


def _rejected(record: PlannedRecord, error: RecordRejected) -> Outcome:
    return Outcome(
        position=record.position,
        vendor_id=record.vendor_id,
        kind=OutcomeKind.FAILED,
        dynamics_id=record.plan.id if isinstance(record.plan, (Update, Delete)) else None,
        code=error.code,
        reason=error.message,
        column=error.column,
        match=record.match,
    )


def _merged(record: PlannedRecord, plan: MergedInto, first: Outcome) -> Outcome:
    same = f"The same record as number {plan.position} of this export"
    if first.kind in {OutcomeKind.SKIPPED, OutcomeKind.FAILED}:
        return replace(
            first, position=record.position, vendor_id=record.vendor_id, reason=f"{same}. {first.reason}"
        )
    kind = first.kind
    if kind in _CHANGED:
        kind = OutcomeKind.UPDATED if plan.contributed else OutcomeKind.UNCHANGED
    return Outcome(
        position=record.position,
        vendor_id=record.vendor_id,
        kind=kind,
        dynamics_id=first.dynamics_id,
        code="mergedWithEarlier",
        reason=f"{same}; the two were written as one.",
    )


def same_for_all(
    records: Iterable[InputRecord],
    kind: OutcomeKind,
    code: str,
    reason: str,
) -> list[Outcome]:
    """One outcome for every record of a chunk that was not, or could not be, processed."""
    return [
        Outcome(
            position=record.position,
            vendor_id=_given_id(record),
            kind=kind,
            code=code,
            reason=reason,
        )
        for record in records
    ]


def _given_id(record: InputRecord) -> str | None:
    given = record.fields.get("id") if isinstance(record, VendorRecord) else None
    return None if given is None else str(given)
