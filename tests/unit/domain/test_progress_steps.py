"""Each step of an export's progress, by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.domain.exports import Counts
from shared.domain.progress import (
    Busy,
    Lane,
    Moved,
    Next,
    Progress,
    Taken,
    done,
    given_back,
    kept,
    overdue,
    published,
    put_off,
    take,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
UNTIL = LATER + timedelta(minutes=5)
ONE = Counts(created=1)


def progress(cut: int = 3, taken: int = 2, **lanes: Lane) -> Progress:
    """Of chunks with one record; `a` is the first lane, `b` the second."""
    by_number = {"ab".index(name) + 1: lane for name, lane in lanes.items()}
    return Progress(chunk_size=1, touched_at=NOW, cut=cut, records=cut, taken=taken, lanes=by_number)


MINE = Lane(chunk=1, due=LATER, holder="me", begun=True, tries=2)
THEIRS = Lane(chunk=2, due=UNTIL, holder="them", begun=True)
TAKEN = Taken(1, 1, "me", begun=True, tries=2)


def test_each_step_that_changes_something_tells_when() -> None:
    before = progress(a=MINE, b=THEIRS)
    assert done(before, TAKEN, ONE, Next(width=1, now=LATER))[0].touched_at == LATER
    assert done(progress(taken=3, a=MINE), TAKEN, ONE, Next(width=1, now=LATER))[0].touched_at == LATER
    assert put_off(before, TAKEN, 5, width=2, now=LATER)[0].touched_at == LATER
    assert given_back(before, TAKEN, LATER).touched_at == LATER
    assert overdue(before, UNTIL, timedelta())[0].touched_at == UNTIL
    assert published(before, (9, 9), whole=False, width=2, now=LATER)[0].touched_at == LATER


def test_a_chunk_that_is_put_off_remembers_how_often_it_was_tried() -> None:
    after, _ = put_off(progress(a=MINE), replace(TAKEN, tries=3), 5, width=2, now=LATER)
    assert after.lanes[1] == Lane(
        chunk=1, due=LATER + timedelta(seconds=5), holder="", begun=MINE.begun, tries=3
    )


def test_who_has_no_lane_any_more_changes_nothing() -> None:
    for there in (progress(), progress(a=THEIRS)):
        assert done(there, TAKEN, ONE, Next(width=2, now=LATER)) == (there, Moved())
        assert put_off(there, TAKEN, 5, width=2, now=LATER) == (there, Moved())
        assert given_back(there, TAKEN, LATER) == there


def test_only_lanes_whose_time_and_patience_are_over_are_called_again() -> None:
    before = progress(a=MINE, b=THEIRS)
    assert overdue(before, LATER, timedelta()) == (before, Moved())
    after, moved = overdue(before, LATER + timedelta(seconds=2), timedelta(seconds=1))
    assert moved == Moved(called=((1, 1),))
    assert (after.lanes[1].holder, after.lanes[2]) == ("", THEIRS)


def test_a_lane_is_free_once_its_time_is_over() -> None:
    assert take(progress(a=MINE), 1, "you", now=NOW, until=UNTIL)[1] == Busy(1, 60.0)
    after, found = take(progress(a=MINE), 1, "you", now=LATER, until=UNTIL)
    assert found == Taken(1, 1, "you", begun=True, tries=2)
    assert after.lanes[1] == Lane(chunk=1, due=UNTIL, holder="you", begun=True, tries=2)
    assert take(after, 1, "you", now=LATER, until=UNTIL) == (after, found)
    assert take(after, 2, "you", now=LATER, until=UNTIL) == (after, None)


def test_who_calls_lanes_may_go_on_with_the_last_of_them_whoever_asks_twice() -> None:
    called, moved = published(progress(taken=1), (3, 3), whole=False, width=2, now=LATER)
    assert moved.called == ((1, 2), (2, 3))
    after, rest = kept(called, moved, "me", now=LATER, until=UNTIL)
    assert rest == Moved(Taken(2, 3, "me", begun=False), ((1, 2),))
    assert after.lanes[2] == Lane(chunk=3, due=UNTIL, holder="me", begun=True)
    again = kept(after, Moved(), "me", now=LATER, until=UNTIL)
    assert again == (after, Moved(Taken(2, 3, "me", begun=True)))
    assert kept(called, Moved(), "me", now=LATER, until=UNTIL) == (called, Moved())
