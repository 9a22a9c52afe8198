"""Rows by their keys are found however they lie, in few requests where they lie close together."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.filters import Filter
from shared.storage.scattered import read_scattered
from shared.storage.table import Stored
from tests.fakes import MemoryTable


class CountedTable(MemoryTable):
    """Counts the requests that a real table would get: a page of a thousand rows is one."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0

    def get(self, partition: str, row: str) -> Stored[dict[str, Any]] | None:
        self.requests += 1
        return super().get(partition, row)

    def page(
        self, partition: str, size: int, token: str | None = None, where: Filter | None = None
    ) -> tuple[list[Stored[dict[str, Any]]], str | None]:
        self.requests += 1
        return super().page(partition, size, token, where)


def filled(rows: int) -> CountedTable:
    table = CountedTable()
    table.put_many("p", ((name(number), {"n": number}) for number in range(rows)))
    return table


def name(number: int) -> str:
    return f"{number:05}"


@given(st.sets(st.integers(0, 400), max_size=60), st.integers(0, 400))
def test_every_row_that_exists_is_found_and_no_other(asked: set[int], rows: int) -> None:
    found = read_scattered(filled(rows), "p", map(name, asked))
    assert found == {name(number): {"n": number} for number in asked if number < rows}


@pytest.mark.parametrize(
    ("rows", "asked", "requests"),
    [
        pytest.param(900, range(0, 900, 2), 2, id="half of a small partition"),
        pytest.param(4000, range(0, 4000, 10), 5, id="a tenth of a larger one"),
        pytest.param(4000, range(0, 4000, 200), 20, id="few in a large one: a look, then each by itself"),
        pytest.param(50, (3, 30), 2, id="two"),
        pytest.param(50, (), 0, id="none"),
    ],
)
def test_what_lies_close_together_is_read_together(rows: int, asked: range, requests: int) -> None:
    table = filled(rows)
    assert len(read_scattered(table, "p", map(name, asked))) == len(asked)
    assert table.requests == requests


def test_rows_of_other_partitions_are_not_found() -> None:
    table = filled(9)
    assert read_scattered(table, "q", map(name, range(9))) == {}
