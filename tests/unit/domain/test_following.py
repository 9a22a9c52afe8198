"""What a person who follows an export is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.exports import Counts, Export, ExportState
from shared.domain.following import UNKNOWN, WaitsFor, speed, waiting
from shared.domain.ids import ExportId, ObjectType, TenantId, UserId
from shared.domain.pace import Pace

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = Export(
    id=ExportId("998299999999999-010203040506"),
    tenant=TenantId("contoso"),
    object_type=ObjectType.LEAD,
    state=ExportState.RUNNING,
    requested_by=UserId("ada"),
    created_at=NOON - timedelta(minutes=2),
    started_at=NOON - timedelta(minutes=1),
    total=1000,
    counts=Counts(created=100, failed=20),
)
THROTTLED = Pace(until=NOON + timedelta(seconds=30), width=4)
DOWN = replace(THROTTLED, failures=5, failing_since=NOON - timedelta(hours=2))


def test_the_speed_is_that_since_the_beginning() -> None:
    told = speed(RUNNING, NOON)
    assert (told.records_per_second, told.seconds_left) == (2.0, 440.0)


def test_a_pause_does_not_count_into_the_speed() -> None:
    resumed = replace(RUNNING, going_since=NOON - timedelta(seconds=10), done_before=100)
    told = speed(resumed, NOON)
    assert (told.records_per_second, told.seconds_left) == (2.0, 440.0)


def test_an_export_that_has_ended_tells_its_speed_and_no_time_left() -> None:
    told = speed(replace(RUNNING, state=ExportState.SUCCEEDED, ended_at=NOON), NOON + timedelta(days=1))
    assert (told.records_per_second, told.seconds_left) == (2.0, None)


@pytest.mark.parametrize(
    "export",
    [
        pytest.param(replace(RUNNING, paused=True), id="paused"),
        pytest.param(replace(RUNNING, counts=Counts()), id="nothing done"),
        pytest.param(replace(RUNNING, started_at=None), id="not begun"),
        pytest.param(replace(RUNNING, started_at=NOON), id="just begun"),
    ],
)
def test_where_nothing_can_be_told_nothing_is(export: Export) -> None:
    assert speed(export, NOON) == UNKNOWN


def test_while_the_input_is_read_nobody_knows_how_much_is_left() -> None:
    assert speed(replace(RUNNING, total=0), NOON).seconds_left is None


@pytest.mark.parametrize(
    ("export", "pace", "what", "until"),
    [
        pytest.param(replace(RUNNING, paused=True), THROTTLED, WaitsFor.RESUME, None, id="paused"),
        pytest.param(replace(RUNNING, problem="Sign in."), Pace(), WaitsFor.PERSON, None, id="a person"),
        pytest.param(RUNNING, THROTTLED, WaitsFor.DYNAMICS, THROTTLED.until, id="throttled"),
        pytest.param(
            replace(RUNNING, problem="No answer."), DOWN, WaitsFor.DYNAMICS, THROTTLED.until, id="down"
        ),
        pytest.param(replace(RUNNING, state=ExportState.QUEUED), Pace(), WaitsFor.TURN, None, id="not begun"),
    ],
)
def test_what_it_waits_for_is_told(
    export: Export, pace: Pace, what: WaitsFor, until: datetime | None
) -> None:
    told = waiting(export, pace, NOON)
    assert told is not None
    assert (told.what, told.until) == (what, until)


@pytest.mark.parametrize(
    "export",
    [
        pytest.param(RUNNING, id="at work"),
        pytest.param(replace(RUNNING, state=ExportState.SUCCEEDED, problem="x"), id="ended"),
        pytest.param(replace(RUNNING, state=ExportState.CANCELLED, paused=True), id="cancelled"),
    ],
)
def test_an_export_at_work_or_at_its_end_waits_for_nothing(export: Export) -> None:
    assert waiting(export, Pace(), NOON) is None
