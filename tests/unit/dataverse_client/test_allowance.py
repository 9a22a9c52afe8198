"""What the last answer allows, and how long answers take."""

from hypothesis import given
from hypothesis import strategies as st

from shared.dataverse.traffic import Allowance

LEFT = "x-ms-ratelimit-time-remaining-xrm-requests"


def heard(*left: str | None) -> Allowance:
    allowance = Allowance()
    for text in left:
        allowance = allowance.updated({} if text is None else {LEFT: text}, 1.0)
    return allowance


def test_time_is_short_when_a_tenth_of_the_most_is_left() -> None:
    assert not heard().is_short
    assert not heard(None).is_short
    assert not heard("1,200.00").is_short
    assert not heard("1,200.00", "120.00").is_short
    assert heard("1,200.00", "119.99").is_short
    assert heard("1,200.00", "0.00", None).is_short
    assert not heard("1,200.00", "0.00", "500").is_short


@given(st.lists(st.floats(0, 100), min_size=1))
def test_what_answers_take_lies_among_what_they_took(seconds: list[float]) -> None:
    allowance = Allowance()
    for each in seconds:
        allowance = allowance.updated({}, each)
    assert 0 <= allowance.took <= max(seconds)


def test_the_newest_answers_count_for_most() -> None:
    allowance = Allowance(took=100.0)
    for _ in range(40):
        allowance = allowance.updated({}, 1.0)
    assert 1 < allowance.took < 2
