"""The faults that are written down: for each promise about security one that its test has to notice."""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from local.errors import DevError

_LIST = Path(__file__).with_name("seeded_faults.toml")
_TEST = ("-m", "pytest", "-n0", "-x", "-q", "-p", "no:cacheprovider")
_GREEN, _RED = 0, 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in a file, what is put there instead, and the test that has to go red."""

    promise: int
    what: str
    file: str
    old: str
    new: str
    test: str


def seeded_faults() -> list[Fault]:
    """All that are written down, by promise."""
    return [Fault(**each) for each in tomllib.loads(_LIST.read_text())["fault"]]


def try_all(faults: Iterable[Fault], root: Path, say: Callable[[str], None]) -> int:
    """How many of the faults were not noticed. The checkout is spoiled and mended again each time."""
    faults = list(faults)
    tests = sorted({fault.test for fault in faults})
    say(f"{len(faults)} faults; their {len(tests)} tests without a fault first...")
    if (code := _run(tests, root)) != _GREEN:
        raise DevError(f"the tests are not green without a fault (pytest gave {code}); mend them first.")
    unnoticed = 0
    for fault in faults:
        noticed = _is_noticed(fault, root)
        unnoticed += not noticed
        say(f"{'red' if noticed else 'NOT NOTICED':<12}{fault.promise} {fault.what}: {fault.test}")
    say(f"{len(faults) - unnoticed} of {len(faults)} faults turned their test red")
    return unnoticed


def _is_noticed(fault: Fault, root: Path) -> bool:
    file = root / fault.file
    good = file.read_text()
    file.write_text(good.replace(fault.old, fault.new))
    try:
        return _run([fault.test], root) == _RED
    finally:
        file.write_text(good)


def _run(tests: list[str], root: Path) -> int:
    command = [sys.executable, *_TEST, *tests]
    return subprocess.run(command, cwd=root, check=False, stdout=subprocess.DEVNULL).returncode
