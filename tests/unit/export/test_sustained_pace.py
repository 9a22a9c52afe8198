"""A long export uses the time that service protection grants, and hardly ever asks for more."""

import pytest

from benchmarks.budget import least_share
from benchmarks.pacing import simulate


@pytest.mark.parametrize("processes", [1, 4])
def test_a_long_export_holds_95_percent_of_the_time_with_fewer_than_1_in_100_requests_refused(
    processes: int,
) -> None:
    done = simulate(440_000, processes=processes)
    assert done.used >= 0.97
    assert done.refused < 0.01


def test_the_share_of_the_time_is_that_of_the_least_favourable_moment() -> None:
    charges = [(10.0, 30.0), (20.0, 10.0), (30.0, 30.0)]
    assert least_share(charges, rate=2.0, after=0) == 0
    assert least_share(charges, rate=2.0, after=10) == 40 / 60
