from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.exports import (
    Counts,
    Export,
    ExportState,
    Outcome,
    OutcomeKind,
    count,
    end_state,
    may_follow,
)
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId

QUEUED, RUNNING, CANCELLED, FAILED = (
    ExportState.QUEUED,
    ExportState.RUNNING,
    ExportState.CANCELLED,
    ExportState.FAILED,
)
ALLOWED = {
    (QUEUED, RUNNING),
    (QUEUED, FAILED),
    (QUEUED, CANCELLED),
    (RUNNING, ExportState.SUCCEEDED),
    (RUNNING, ExportState.COMPLETED_WITH_ERRORS),
    (RUNNING, FAILED),
    (RUNNING, CANCELLED),
}
EXPORT = Export(
    id=ExportId("998299999999999-010203040506"),
    tenant=TenantId("contoso"),
    object_type=ObjectType.LEAD,
    state=RUNNING,
    requested_by=UserId("ada"),
    created_at=datetime(2026, 1, 31, tzinfo=UTC),
    total=4,
    counts=Counts(created=1, failed=1),
)


@pytest.mark.parametrize(("before", "after"), list(product(ExportState, repeat=2)))
def test_an_export_moves_only_along_the_table(before: ExportState, after: ExportState) -> None:
    assert may_follow(before, after) == ((before, after) in ALLOWED)


@pytest.mark.parametrize("state", ExportState)
def test_only_a_queued_or_running_export_has_not_ended(state: ExportState) -> None:
    assert state.ended == (state not in {QUEUED, RUNNING})


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        (Counts(created=2), ExportState.SUCCEEDED),
        (Counts(unchanged=1, skipped=5), ExportState.SUCCEEDED),
        (Counts(), ExportState.SUCCEEDED),
        (Counts(created=9, failed=1), ExportState.COMPLETED_WITH_ERRORS),
        (Counts(skipped=1, failed=1), ExportState.COMPLETED_WITH_ERRORS),
        (Counts(failed=3), FAILED),
    ],
)
def test_an_export_ends_as_its_records_did(counts: Counts, state: ExportState) -> None:
    assert end_state(counts, cancelled=False) is state
    assert end_state(counts, cancelled=True) is CANCELLED


@given(st.lists(st.sampled_from(OutcomeKind)), st.lists(st.sampled_from(OutcomeKind)))
def test_counts_add_up(one: list[OutcomeKind], other: list[OutcomeKind]) -> None:
    def counted(kinds: list[OutcomeKind]) -> Counts:
        return count(Outcome(position=1, vendor_id=None, kind=kind) for kind in kinds)

    both = counted(one + other)
    assert counted(one) + counted(other) == both
    assert both.done == len(one) + len(other)
    assert all(getattr(both, kind.value) == (one + other).count(kind) for kind in OutcomeKind)


def test_progress_is_the_share_of_records_with_an_outcome() -> None:
    assert EXPORT.progress == 0.5
    assert replace(EXPORT, total=0, counts=Counts()).progress == 0.0
    assert replace(EXPORT, state=QUEUED, total=0).progress == 0.0
    assert replace(EXPORT, state=FAILED).progress == 1.0
