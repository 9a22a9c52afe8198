"""Who does what in a run of everything, and in which order."""

from pathlib import Path

import pytest

from tests import distribution
from tests.distribution import longest_first, unit_of

ROOT = Path(__file__).parents[3]


class Item:
    """As much of a test as its place in a run depends on."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/browser/portal/test_portal_shell.py::test_a", "tests/browser"),
        ("tests/browser/test_trace_pages_in_a_browser.py::test_a[x::y]", "tests/browser"),
        ("tests/e2e/test_mapping.py::test_a", "tests/e2e"),
        ("tests/e2e/connect/test_connect_check.py::test_a", "tests/e2e/connect"),
        ("tests/e2e/test_demo.py::test_a", "tests/e2e/test_demo.py"),
        ("tests/unit/local/test_distribution.py::test_a", "tests/unit/local/test_distribution.py"),
    ],
)
def test_what_shares_a_stack_is_one_unit_and_else_a_file_is(nodeid: str, unit: str) -> None:
    assert unit_of(nodeid) == unit


def test_long_units_come_first_and_the_rest_stays_in_its_order() -> None:
    files = (
        "unit/b",
        "contract/x",
        "e2e/test_demo",
        "unit/a",
        "e2e/test_mapping",
        "browser/c",
        "contract/host/y",
    )
    items = [Item(f"tests/{file}.py::test") for file in files]
    ordered = [item.nodeid.removeprefix("tests/").removesuffix(".py::test") for item in longest_first(items)]
    assert ordered == [
        *(
            "browser/c",
            "e2e/test_mapping",
            "e2e/test_demo",
            "contract/host/y",
            "contract/x",
            "unit/b",
            "unit/a",
        )
    ]


def test_every_place_that_is_named_is_there() -> None:
    named = {*distribution.TOGETHER, *distribution.BY_THEMSELVES, *distribution.LONGEST_FIRST}
    assert [place for place in named if not (ROOT / place).exists()] == []
