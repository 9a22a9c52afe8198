import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.entities import entity
from shared.storage.filters import Filter
from shared.storage.long_text import join_text, split_text
from shared.storage.transactions import transactions


@given(st.text(max_size=200), st.integers(0, 400))
def test_a_split_text_is_joined_again_and_fits(text: str, times: int) -> None:
    pieces = split_text("rows", text * times)
    assert join_text("rows", pieces) == text * times
    entity("p", "r", pieces)


def test_a_short_text_keeps_its_name() -> None:
    assert split_text("rows", "[]") == {"rows": "[]"}


def test_a_text_that_was_never_kept_is_empty() -> None:
    assert join_text("rows", {"other": "x"}) == ""


@pytest.mark.parametrize(
    ("value", "odata"),
    [
        ("O'Hara", "n eq 'O''Hara'"),
        (1, "n eq 1"),
        (0, "n eq 0"),
        (True, "n eq true"),
        (2**31, "n eq 2147483648L"),
        (1.5, "n eq 1.5"),
    ],
)
def test_a_condition_is_written_as_odata(value: str | float, odata: str) -> None:
    assert Filter("n eq @value", {"value": value}).odata() == odata


def test_a_value_that_looks_like_a_parameter_stays_text() -> None:
    assert Filter("a eq @a or b eq @b", {"a": "@b", "b": 1}).odata() == "a eq '@b' or b eq 1"


def test_a_condition_on_a_missing_value_is_refused() -> None:
    with pytest.raises(TypeError, match="missing value"):
        Filter("a eq @a", {"a": None}).odata()


def test_a_transaction_has_at_most_100_rows() -> None:
    cut = list(transactions("p", ((f"{number}", {"n": number}) for number in range(201))))
    assert [len(rows) for rows in cut] == [100, 100, 1]
    assert [row for rows in cut for row, _ in rows] == [f"{number}" for number in range(201)]


def test_large_rows_make_small_transactions() -> None:
    row = {f"n{number}": "x" * 30_000 for number in range(16)}
    assert [len(rows) for rows in transactions("p", [(f"{number}", row) for number in range(7)])] == [3, 3, 1]


def test_no_rows_are_no_transaction() -> None:
    assert list(transactions("p", [])) == []


def test_one_row_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        list(transactions("p", [("a", {}), ("a", {})]))
