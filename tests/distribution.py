"""How a run of everything is shared out: what uses one stack to one worker, what takes long first."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Protocol, TypeVar

from xdist.scheduler import LoadScopeScheduling

# Without a stack, or with one of their own, wherever they lie.
BY_THEMSELVES = (
    "tests/chaos/test_chaos.py",
    "tests/e2e/test_demo.py",
    "tests/e2e/test_traces.py",
    "tests/e2e/test_export_single.py",
    "tests/contract/test_stack_up.py",
    "tests/security/test_no_secret_in_the_repository.py",
)
# Their files share a stack or a browser, which a second worker would start once more.
TOGETHER = ("tests/browser", "tests/e2e/connect", "tests/e2e", "tests/security")
# By how long they take; whatever is left over at the end is short.
LONGEST_FIRST = (
    *("tests/browser", "tests/e2e", "tests/security", "tests/e2e/connect"),
    *BY_THEMSELVES,
    *("tests/contract/host", "tests/contract/dataverse_client", "tests/contract"),
)


def unit_of(nodeid: str) -> str:
    """What one worker does as a whole: the tests of a folder with one stack, or those of a file."""
    file = nodeid.split("::", 1)[0]
    if file in BY_THEMSELVES:
        return file
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)


class _Placed(Protocol):
    @property
    def nodeid(self) -> str: ...


_Item = TypeVar("_Item", bound=_Placed)


def longest_first(items: Iterable[_Item]) -> list[_Item]:
    """The units that take long before the others; within a rank the order stays what it is."""
    return sorted(items, key=lambda item: _rank(unit_of(item.nodeid)))


def _rank(unit: str) -> int:
    places = (unit, *map(str, PurePath(unit).parents))
    return next((LONGEST_FIRST.index(each) for each in places if each in LONGEST_FIRST), len(LONGEST_FIRST))


class ByUnit(LoadScopeScheduling):
    """Gives each worker the next unit in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
