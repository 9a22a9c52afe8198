import re
from pathlib import Path

import pytest

from tests.error_codes import ALWAYS, Coded, codes

LIST = Path(__file__).parents[3] / "docs" / "errors.md"
LINE = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def listed() -> dict[str, tuple[set[str], str]]:
    found = LINE.findall(LIST.read_text())
    assert len({code for code, _, _ in found}) == len(found), "one line for each code"
    return {code: (set(statuses.split(", ")), text) for code, statuses, text in found}


@pytest.fixture(scope="module")
def raised() -> set[Coded]:
    return codes()


def test_the_reader_of_the_code_finds_codes_of_every_kind(raised: set[Coded]) -> None:
    found = {each.code for each in raised}
    assert found >= {
        "adminsOnly",
        "storedSignInUnreadable",
        "adminApprovalRequired",
        "privilegeMissing",
        "optedOut",
        "requiredUnmapped",
    }
    assert len(found) > 120


def test_every_code_stands_in_the_list_with_what_it_belongs_to(
    listed: dict[str, tuple[set[str], str]], raised: set[Coded]
) -> None:
    missing = {
        f"{each.code} ({each.belongs_to})"
        for each in raised
        if each.belongs_to not in listed.get(each.code, (set(), ""))[0]
    }
    assert missing == set(), "add a line to docs/errors.md for each"


def test_the_list_has_no_code_that_nothing_raises(
    listed: dict[str, tuple[set[str], str]], raised: set[Coded]
) -> None:
    assert set(listed) - {each.code for each in raised} == set(ALWAYS)


def test_every_line_says_what_happened_or_what_to_do(listed: dict[str, tuple[set[str], str]]) -> None:
    for code, (_, text) in listed.items():
        assert len(text) > 20, code
        assert text.rstrip().endswith((".", "…", ".”")), code
