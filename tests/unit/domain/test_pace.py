"""An organization is worked as hard as its answers allow."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import pace as paces
from shared.domain.pace import Pace
from shared.storage.cooldowns import CooldownStore
from tests.builders import TENANT
from tests.fakes import MemoryTable

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_429_halves_the_lanes_once_for_all_that_were_under_way() -> None:
    first = paces.throttled(Pace(), 30, window=8, began=at(0), now=at(2))
    second = paces.throttled(first, 60, window=8, began=at(1), now=at(3))
    assert (first.width, second.width) == (4, 4)
    assert (first.until, second.until) == (at(32), at(63))
    assert paces.throttled(second, 1, window=8, began=at(1), now=at(4)).until == at(63)
    later = paces.throttled(second, 5, window=8, began=at(70), now=at(71))
    assert later.width == 2


def test_a_window_that_is_used_up_makes_everybody_wait_and_narrows_nobody() -> None:
    spent = paces.spent(Pace(), 30, now=at(2))
    assert (spent.wait(at(2)), spent.width) == (30, None)
    assert paces.spent(spent, 5, now=at(3)).until == at(32)
    assert paces.spent(Pace(width=3), 30, now=at(2)).width == 3
    assert paces.width(paces.calmed(spent, window=8, began=at(33), now=at(34)), window=8, hint=None) == 8


@pytest.mark.parametrize("window", [1, 2, 3])
def test_one_lane_is_left_whatever_happens(window: int) -> None:
    assert paces.throttled(Pace(), 1, window=window, began=at(0), now=at(1)).width == 1
    down = paces.unanswered(paces.unanswered(Pace(), began=at(0), now=at(0)), began=at(1), now=at(1))
    assert paces.calmed(down, window=window, began=at(2), now=at(3)).width == 1


def test_every_calm_while_one_more_lane_is_tried_up_to_all_of_them() -> None:
    pace = paces.throttled(Pace(), 1, window=4, began=at(0), now=at(1))
    widths = []
    for second in range(2, 30):
        pace = paces.calmed(pace, window=4, began=at(second - 1), now=at(second))
        widths.append(pace.width)
    assert widths[0] == 2
    assert widths[4:9] == [3] * 5
    assert widths[9:] == [None] * len(widths[9:])
    assert widths[-1] is None


def test_one_failure_makes_nobody_else_wait_and_a_second_does() -> None:
    once = paces.unanswered(Pace(), began=at(0), now=at(1))
    same = paces.unanswered(once, began=at(0.5), now=at(2))
    twice = paces.unanswered(same, began=at(3), now=at(4))
    assert once.wait(at(1)) == same.wait(at(2)) == 0
    assert (twice.wait(at(4)), twice.width, twice.is_down) == (4, 1, True)


def test_waits_double_up_to_ten_minutes() -> None:
    pace, now, waits = Pace(), NOW, []
    for _ in range(14):
        pace = paces.unanswered(pace, began=now, now=now)
        waits.append(pace.wait(now))
        now += timedelta(seconds=waits[-1] + 1)
    assert waits == [0, 4, 8, 16, 32, 64, 128, 256, 512, *[600] * 5]
    assert not pace.hopeless(now)
    assert pace.hopeless(NOW + timedelta(hours=24, seconds=1))


def test_an_answer_after_an_outage_lets_half_of_the_lanes_begin() -> None:
    down = Pace(until=at(10), width=1, changed_at=at(6), failures=3, failing_since=at(0))
    assert paces.calmed(down, window=8, began=at(5), now=at(7)) == down
    assert paces.calmed(down, window=8, began=at(11), now=at(12)) == Pace(width=4, changed_at=at(12))


@pytest.mark.parametrize(
    ("hint", "lanes"),
    [
        pytest.param(None, 8, id="nothing said"),
        pytest.param(4, 4, id="hint of Dynamics"),
        pytest.param(50, 8, id="a hint beyond the export's own lanes"),
        pytest.param(0, 1, id="never none"),
    ],
)
def test_lanes_follow_what_dynamics_says(hint: int | None, lanes: int) -> None:
    assert paces.width(Pace(), window=8, hint=hint) == lanes


def test_lanes_follow_what_was_learned() -> None:
    assert paces.width(Pace(width=3), window=8, hint=4) == 3


@dataclass(frozen=True)
class Heard:
    """An answer of Dynamics to a request that took so long, some seconds after the one before."""

    kind: str
    after: float
    took: float
    wait: float


def learned(pace: Pace, heard: Heard, window: int, now: datetime) -> Pace:
    began = now - timedelta(seconds=heard.took)
    if heard.kind == "spent":
        return paces.spent(pace, heard.wait, now=now)
    if heard.kind == "throttled":
        return paces.throttled(pace, heard.wait, window=window, began=began, now=now)
    if heard.kind == "unanswered":
        return paces.unanswered(pace, began=began, now=now)
    return calm(pace, window, began, now)


def calm(pace: Pace, window: int, began: datetime, now: datetime) -> Pace:
    return paces.calmed(pace, window=window, began=began, now=now)


seconds = st.floats(0, 400)
stories = st.lists(
    st.builds(
        Heard,
        st.sampled_from(["spent", "throttled", "unanswered", "answered"]),
        seconds,
        seconds,
        st.floats(1, 600),
    ),
    max_size=30,
)


@given(stories, st.integers(1, 24), st.none() | st.integers(0, 60))
def test_whatever_dynamics_answers_no_lane_is_kept_for_ever_from_coming_back(
    story: list[Heard], window: int, hint: int | None
) -> None:
    pace, now = Pace(), NOW
    for heard in story:
        now += timedelta(seconds=heard.after)
        before, pace = pace, learned(pace, heard, window, now)
        lanes = paces.width(pace, window=window, hint=hint)
        assert 1 <= lanes <= window
        assert hint is None or lanes <= max(1, hint)
        assert pace.wait(now) <= 600
        if heard.kind in {"spent", "throttled"}:
            assert pace.wait(now) >= min(heard.wait, 600) - 0.001
        if heard.kind == "spent":
            assert pace.width == before.width
    now += timedelta(seconds=601)
    for _ in range(window + 2):
        began, now = now, now + timedelta(seconds=6)
        pace = calm(pace, window, began, now)
    assert pace.wait(now) == 0
    assert paces.width(pace, window=window, hint=None) == window


@given(st.floats(0, 1000))
def test_requests_at_intervals_are_never_fewer_than_service_protection_grants(answer_seconds: float) -> None:
    space = paces.space(answer_seconds)
    granted_at_once = 1200 / 300
    assert 0 <= space <= 1
    assert space * granted_at_once <= answer_seconds


@given(st.builds(Pace, st.none(), st.none() | st.integers(1, 64), st.none(), st.integers(0, 99)))
def test_what_is_known_of_the_organization_is_kept(pace: Pace) -> None:
    store = CooldownStore(MemoryTable())
    known = replace(pace, until=at(1), changed_at=at(2), failing_since=at(3))
    store.change(TENANT, lambda _: known)
    assert store.pace(TENANT) == known


def test_a_row_of_an_earlier_version_is_read() -> None:
    table = MemoryTable()
    table.put("contoso", "cooldown", {"until": "2026-03-01T08:00:30.000Z"})
    assert CooldownStore(table).pace(TENANT) == Pace(until=at(30))
