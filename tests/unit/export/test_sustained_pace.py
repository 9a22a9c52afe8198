"""A long export uses the time that service protection grants, and hardly ever asks for more."""

from benchmarks.pacing import simulate


def test_a_long_export_holds_95_percent_of_the_time_with_fewer_than_1_in_100_requests_refused() -> None:
    done = simulate(440_000)
    assert done.used >= 0.95
    assert done.refused < 0.01
