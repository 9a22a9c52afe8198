"""Tries mutants with the tests that run their lines, the quickest first."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from local.mutation.afresh import killed_afresh
from local.mutation.mutants import Mutant
from local.mutation.patching import Patches
from local.mutation.processes import in_a_process
from local.mutation.recording import Recorder, Recording, read
from local.mutation.verdicts import Tried, Verdict

_HOUR = 3600
_GREEN = 0
_AFRESH = 99


@dataclass(eq=False)
class Court:
    """A plugin of pytest: where it would run the tests it tries one mutant after the other."""

    root: Path
    mutants: Sequence[Mutant]
    seconds: float  # of tests for one mutant
    say: Callable[[str], None]
    shares_servers: bool = False  # what tests start once for all of them runs on from mutant to mutant
    tried: list[Tried] = field(default_factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of the tests."""
        self.items = {item.nodeid: item for item in session.items}
        self.recording = self._recorded(session)
        self.patches = Patches(self.root)
        for number, mutant in enumerate(self.mutants, 1):
            verdict = self._verdict(session, mutant)
            self.tried.append(Tried(mutant, verdict))
            if verdict is not Verdict.KILLED:
                shown = mutant.shown(self._source(mutant))
                self.say(f"[{number}/{len(self.mutants)}] {verdict} {shown}")
        return True

    def _recorded(self, session: pytest.Session) -> Recording:
        recorder = Recorder(self.root, self.root.parent / "recording.json")

        def work() -> int:
            session.config.pluginmanager.register(recorder)
            recorder.start()
            _run(session, session.items)
            recorder.stop()
            session.config.pluginmanager.unregister(recorder)
            return _GREEN

        if self.shares_servers:
            work()  # here, so that the processes of mutants find the servers running
            session.testsfailed = 0
        else:
            in_a_process(work, self._log, seconds=_HOUR)
        recording = read(recorder.target)
        if recording.useless:
            self.say("not used, since they fail or are skipped without a mistake:")
            self.say("\n".join(sorted(recording.useless)))
        return recording

    def _verdict(self, session: pytest.Session, mutant: Mutant) -> Verdict:
        tests = self._tests(mutant)
        if not tests:
            return Verdict.UNREACHED
        spoiled = mutant.applied(self._source(mutant))
        spent = sum(self.recording.seconds[test] for test in tests)

        def work() -> int:
            if not mutant.at_import:
                self.patches.apply(mutant.path, spoiled)
            elif not self.patches.apply_constants(mutant.path, spoiled):
                return _AFRESH
            return _run(session, [self.items[test] for test in tests], until_failure=True)

        # A mistake may make an endless loop: many times the time without it is enough.
        code = in_a_process(work, self._log, seconds=10 + 5 * spent)
        if code == _AFRESH:
            killed = killed_afresh(self.root, mutant.path, spoiled, tests=tests, seconds=spent)
            return Verdict.KILLED if killed else Verdict.SURVIVED
        return Verdict.SURVIVED if code == _GREEN else Verdict.KILLED

    def _tests(self, mutant: Mutant) -> list[str]:
        lines = self._source(mutant)[mutant.span[0] : mutant.span[1]].count(b"\n") + 1
        found = self.recording.of_lines(mutant.path, range(mutant.line, mutant.line + lines))
        if mutant.at_import:
            # A table is looked up where it was imported to.
            for path in (mutant.path, *self._importers(mutant.path)):
                found |= self.recording.of_file(path)
        chosen: list[str] = []
        left = self.seconds
        for test in sorted(found, key=lambda test: (self.recording.seconds[test], test)):
            left -= self.recording.seconds[test]
            if left < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def _importers(self, path: str) -> list[str]:
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        package, _, last = name.rpartition(".")
        imports = re.compile(rf"from {re.escape(name)} import|from {re.escape(package)} import .*\b{last}\b")
        return [each for each in self.recording.tests if imports.search((self.root / each).read_text())]

    def _source(self, mutant: Mutant) -> bytes:
        return (self.root / mutant.path).read_bytes()

    @property
    def _log(self) -> Path:
        return self.root.parent / "trial.log"


def _run(session: pytest.Session, items: Sequence[pytest.Item], *, until_failure: bool = False) -> int:
    """The session itself follows the last test: what is there once for all tests is left as it is."""
    for item, following in zip(items, [*items[1:], session], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if until_failure and session.testsfailed:
            return 1
    return _GREEN
