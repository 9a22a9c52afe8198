"""Starts, watches and ends the processes of a stack, and leaves none behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from local.errors import DevError

_WATCHDOG = Path(__file__).with_name("watchdog.py")
_LOG_LINES = 15
GRACE_SECONDS = 20.0
"""Longer than the host lets functions go on, and than Azurite takes on a busy machine to save what it has."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the stack: what to run, with which environment, and how to see that it answers."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    answers: Callable[[], bool]


class PartEnded(DevError):
    """A part of the stack ended though nobody asked it to."""


class Processes:
    """The running parts, all in one process group whose leader ends them should this process vanish.

    Ctrl-C in a terminal reaches only this process, which then ends the parts in its own time.
    """

    def __init__(self, logs: Path, working_folder: Path, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Each part writes its output to `<logs>/<name>.log`, and has a grace before it is ended by force."""
        self._grace_seconds = grace_seconds
        self._logs = logs
        self._working_folder = working_folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        all_gone, self._alive = os.pipe()
        # Its standard input closes with this process, whatever ends it: that is what the watchdog waits for.
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_WATCHDOG), str(all_gone), str(self._grace_seconds)],
            pass_fds=(all_gone,),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        os.close(all_gone)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            # The latest first: the functions host has work to finish, and needs the others for it.
            for name in reversed(list(self._running)):
                self._end([name])
        finally:
            # Whatever the parts started is in the group as well.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._watchdog.pid, signal.SIGKILL)
            self._watchdog.wait()
            os.close(self._alive)
            if self._watchdog.stdin is not None:
                self._watchdog.stdin.close()

    def start(self, part: Part) -> None:
        """Starts a part; what it printed in an earlier life of this name is kept."""
        with self.log_of(part.name).open("ab") as log:
            self._running[part.name] = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(part.environment),
                cwd=self._working_folder,
                process_group=self._watchdog.pid,
                pass_fds=(self._alive,),
            )

    def end(self, name: str) -> None:
        """Asks a part to end, and insists after a while."""
        self._end([name])

    def kill(self, name: str) -> None:
        """Ends a part as a crash would."""
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def refuse_ended(self) -> None:
        """An error with the last lines of its log where a part has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise PartEnded(self._obituary(name, process.returncode))

    def pids(self) -> dict[str, int]:
        """The process id of each running part."""
        return {name: process.pid for name, process in self._running.items()}

    def log_of(self, name: str) -> Path:
        """Where a part's output goes."""
        return self._logs / f"{name}.log"

    def last_lines(self, name: str) -> str:
        """The end of what a part printed."""
        lines = self.log_of(name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  | {line}" for line in lines[-_LOG_LINES:])

    def _end(self, names: Sequence[str]) -> None:
        leaving = {name: self._running.pop(name) for name in names}
        for process in leaving.values():
            process.terminate()
        deadline = time.monotonic() + self._grace_seconds
        for process in leaving.values():
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _obituary(self, name: str, code: int) -> str:
        how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
        return f"{name} ended with {how}; the last lines of {self.log_of(name)}:\n{self.last_lines(name)}"
