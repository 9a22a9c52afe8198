"""What became of a chunk that was cancelled in its middle: what is there as planned was written."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from shared.domain.plan import Create, Delete, PlannedRecord, Skip, Update
from shared.domain.records import InputRecord

CANCELLED = "The export was cancelled before this record's turn."


def settled(
    records: Iterable[InputRecord], kept: Sequence[PlannedRecord], written: Collection[int]
) -> list[PlannedRecord]:
    """A plan for each record, without the writes that did not take place.

    `written` are the positions of those of the kept plan that did.
    """
    known = {each.position: each for each in kept}
    plans = [known.get(each.position) or PlannedRecord(each.position, None, _SKIP) for each in records]
    return [
        replace(each, plan=_SKIP) if _writes(each) and each.position not in written else each
        for each in plans
    ]


def _writes(planned: PlannedRecord) -> bool:
    return isinstance(planned.plan, (Create, Update, Delete))


_SKIP = Skip("cancelled", CANCELLED)
