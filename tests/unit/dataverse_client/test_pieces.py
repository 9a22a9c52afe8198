"""Rows are written in several requests at once where slots are free, and lose nothing by it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dataverse.messages import Row
from shared.dataverse.pieces import LEAST, LEAST_WAITING, pieces_of, side_by_side
from shared.dataverse.slots import Slots
from shared.domain.errors import NeedsUser, RecordRejected, Transient

ROWS = st.integers(1, 1_000)
BUSY = Transient("throttled", "Dynamics asks for fewer requests.", retry_after=3)


def rows(many: int) -> list[Row]:
    return [{"leadid": str(number)} for number in range(many)]


def ids(part: Sequence[Row]) -> list[str]:
    return [str(row["leadid"]) for row in part]


SPARE = st.integers(0, 64)


@given(ROWS, SPARE)
def test_rows_use_the_slots_that_are_free_and_no_request_is_small(many: int, spare: int) -> None:
    pieces = pieces_of(many, spare, None)
    assert pieces == 1 or many // pieces >= LEAST
    assert pieces <= 1 + spare or many // pieces >= LEAST_WAITING
    assert pieces == 1 + spare or many // (pieces + 1) < LEAST_WAITING


@given(ROWS, SPARE, st.integers(0, 4))
def test_no_more_requests_go_at_once_than_dynamics_grants(many: int, spare: int, most: int) -> None:
    pieces = pieces_of(many, spare, most)
    assert 1 <= pieces <= max(1, most)
    assert pieces == min(pieces_of(many, spare, None), max(1, most))


@given(ROWS, st.integers(1, 7))
def test_every_row_has_its_own_result_whatever_the_pieces(many: int, pieces: int) -> None:
    assert side_by_side(rows(many), pieces, ids) == [str(number) for number in range(many)]


def test_what_one_piece_fails_by_stands_at_its_rows_alone() -> None:
    def write(part: Sequence[Row]) -> list[str]:
        if part[0]["leadid"] == "2":
            raise BUSY
        return ids(part)

    assert side_by_side(rows(6), 3, write) == ["0", "1", BUSY, BUSY, "4", "5"]


def test_what_every_piece_fails_by_is_raised() -> None:
    def write(part: Sequence[Row]) -> list[str]:
        raise NeedsUser("reauthorizationRequired", f"{len(part)}")

    with pytest.raises(NeedsUser):
        side_by_side(rows(6), 2, write)


@pytest.mark.parametrize("pieces", [1, 2])
def test_what_says_nothing_about_the_organization_is_raised(pieces: int) -> None:
    def write(part: Sequence[Row]) -> list[str]:
        if part[-1]["leadid"] == "5":
            raise RecordRejected("refused", "No.")
        return ids(part)

    with pytest.raises(RecordRejected):
        side_by_side(rows(6), pieces, write)


def test_slots_that_nobody_has_are_spare() -> None:
    slots = Slots(3)
    assert slots.spare() == 3
    with slots:
        assert slots.spare() == 2
        assert slots.spare(2) == 1
        with slots, slots:
            assert slots.spare() == 0
    assert slots.spare(8) == 3
