"""A delivery goes on from chunk to chunk only while nobody has to wait for it."""

from contextlib import ExitStack
from datetime import timedelta

from functions.export.turns import CROWDED, Turns
from tests.unit.export.engine import Clock


def test_a_turn_ends_with_its_time() -> None:
    clock = Clock()
    with Turns(clock).begun(None) as turn:
        clock.now += timedelta(seconds=59)
        assert turn.goes_on()
        clock.now += timedelta(seconds=1)
        assert not turn.goes_on()


def test_whoever_waits_for_the_answer_says_when_the_turn_ends() -> None:
    clock = Clock()
    with Turns(clock).begun(clock.now + timedelta(seconds=5)) as turn:
        clock.now += timedelta(seconds=5)
        assert not turn.goes_on()


def test_deliveries_give_way_when_the_host_takes_no_more_messages() -> None:
    turns = Turns(Clock())
    with ExitStack() as others, turns.begun(None) as turn:
        for _ in range(CROWDED - 1):
            others.enter_context(turns.begun(None))
        assert turn.goes_on()
        with turns.begun(None):
            assert not turn.goes_on()
        assert turn.goes_on()
