"""A chunk that waits for people whom a loose chunk has claimed lets that chunk come first."""

from datetime import UTC, datetime, timedelta

from shared.domain.progress import Lane, Progress, Taken, put_off

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def progress(**loose: bool) -> Progress:
    chunks = {int(name[1:]): begun for name, begun in loose.items()}
    lanes = {1: Lane(chunk=3, due=NOW, holder="me", begun=True)}
    return Progress(chunk_size=1, touched_at=NOW, cut=3, whole=True, taken=3, loose=chunks, lanes=lanes)


MINE = Taken(1, 3, "me", begun=True)


def test_the_first_loose_chunk_takes_the_lane() -> None:
    after, moved = put_off(progress(c1=True, c2=False), MINE, 5, width=1, now=NOW, held_up=True)
    assert moved.called == ((1, 1),)
    assert after.loose == {2: False, 3: True}
    lane = after.lanes[1]
    assert (lane.chunk, lane.begun, lane.holder, lane.due) == (1, True, "", NOW + timedelta(seconds=5))


def test_without_a_loose_chunk_or_another_reason_the_lane_keeps_its_own() -> None:
    for loose, held_up in ({}, True), ({"c1": True}, False):
        after, moved = put_off(progress(**loose), MINE, 5, width=1, now=NOW, held_up=held_up)
        assert moved.called == ((1, 3),)
        assert after.lanes[1].chunk == 3
