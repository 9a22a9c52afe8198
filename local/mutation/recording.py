"""Which test runs which lines of the product, and how long it takes."""

import functools
import gc
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

_PRODUCT = ("shared", "functions")
_MONITORING: Any = getattr(sys, "monitoring", None)  # since Python 3.12
_Cache = type(functools.cache(len))


@dataclass(frozen=True, slots=True)
class Recording:
    """What a run of the tests, without any mistake in the code, told."""

    seconds: dict[str, float]
    tests: dict[str, dict[int, list[str]]]  # file -> line -> tests
    useless: set[str]  # tests that fail, or are skipped, without a mistake

    def of_lines(self, path: str, lines: range) -> set[str]:
        """The tests that run one of the lines."""
        here = self.tests.get(path, {})
        return {test for line in lines for test in here.get(line, ())} - self.useless

    def of_file(self, path: str) -> set[str]:
        """The tests that run any line of the file."""
        return {test for tests in self.tests.get(path, {}).values() for test in tests} - self.useless


def read(path: Path) -> Recording:
    """A recording that was kept."""
    kept = json.loads(path.read_text())
    lines = {name: {int(line): tests for line, tests in of.items()} for name, of in kept["tests"].items()}
    return Recording(kept["seconds"], lines, set(kept["useless"]))


@dataclass(eq=False)
class Recorder:
    """Listens to pytest and to the interpreter; a line is told once a test, so that it costs little."""

    root: Path
    target: Path
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    useless: set[str] = field(default_factory=set)
    test: str = ""

    def start(self) -> None:
        """Begins to listen."""
        monitoring = _MONITORING
        monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutation")
        monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.LINE, self._line)
        monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.LINE)
        self.ours = tuple(f"{self.root}/{folder}/" for folder in _PRODUCT)
        self.caches = [each for each in gc.get_objects() if isinstance(each, _Cache) and self._is_ours(each)]

    def _is_ours(self, cache: Any) -> bool:
        code = getattr(cache.__wrapped__, "__code__", None)
        return code is not None and code.co_filename.startswith(self.ours)

    def _line(self, code: CodeType, line: int) -> Any:
        if self.test and code.co_filename.startswith(self.ours):
            of_file = self.lines.setdefault(code.co_filename[len(str(self.root)) + 1 :], {})
            of_file.setdefault(line, []).append(self.test)
        return _MONITORING.DISABLE

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins: its lines are its own, and those that another one has run already and kept."""
        self.test = nodeid
        for cache in self.caches:
            cache.cache_clear()
        _MONITORING.restart_events()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The time of a test is that of its fixtures as well."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.outcome != "passed":
            self.useless.add(report.nodeid)

    def pytest_runtest_logfinish(self) -> None:
        """Between two tests nobody runs anything."""
        self.test = ""

    def stop(self) -> None:
        """Listens no more, and writes down what was heard."""
        _MONITORING.set_events(_MONITORING.COVERAGE_ID, _MONITORING.events.NO_EVENTS)
        _MONITORING.free_tool_id(_MONITORING.COVERAGE_ID)
        kept = {"seconds": self.seconds, "tests": self.lines, "useless": [*self.useless]}
        self.target.write_text(json.dumps(kept))
