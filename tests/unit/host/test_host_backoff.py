from datetime import timedelta

from local.host.backoff import Backoff

SHORTEST, LONGEST = timedelta(milliseconds=100), timedelta(seconds=2)


def test_waits_grow_to_the_longest_and_start_over_after_a_find() -> None:
    backoff = Backoff(SHORTEST, LONGEST)
    for _ in range(100):  # each wait is varied by chance
        waits = [backoff.next() for _ in range(10)]
        assert waits[0] == SHORTEST
        assert waits == sorted(waits)
        assert waits[-1] == LONGEST
        backoff.reset()
    assert backoff.next() == SHORTEST


def test_longest_wait_below_the_shortest_holds() -> None:
    backoff = Backoff(SHORTEST, timedelta(milliseconds=50))
    assert backoff.next() == timedelta(milliseconds=50)
