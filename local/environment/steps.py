"""Runs the commands of the set-up, each with a progress line and its output in a log."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from local.errors import DevError

_NO_NETWORK = re.compile(
    r"name resolution|resolve host|dns error|Network is unreachable|Connection refused"
    r"|Could not connect|timed out|NewConnectionError|ConnectTimeout|ProxyError|error sending request"
    r"|client error \(Connect\)"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH",
    re.IGNORECASE,
)


class StepFailed(DevError):
    """A command of the set-up ended with an error."""


class Offline(StepFailed):
    """A command of the set-up could not reach a package registry."""


class Steps:
    """Runs commands one after another and tells a person how far it is."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._live = sys.stderr.isatty()
        log.parent.mkdir(parents=True, exist_ok=True)

    def run(
        self, title: str, command: list[str], *, env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        """Returns when the command has ended well; StepFailed, or Offline, where it has not."""
        started = time.monotonic()
        self.say(f"{title} ...")
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            code = self._finish(title, _start(command, output, env=env, cwd=cwd))
            output.seek(0)
            text = output.read()
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{text}\n")
        self.say(f"{title}: {'failed' if code else 'done'} in {time.monotonic() - started:.1f} s")
        if code:
            raise self._failure(title, text)

    def say(self, sentence: str) -> None:
        """A line of progress; a terminal's line is rewritten until the step that it tells of has ended."""
        unfinished = self._live and sentence.endswith("...")
        sys.stderr.write(f"{chr(13) if self._live else ''}dev: {sentence}{'' if unfinished else chr(10)}")
        sys.stderr.flush()

    def _finish(self, title: str, process: subprocess.Popen[bytes]) -> int:
        started = time.monotonic()
        try:
            while True:
                try:
                    return process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    if self._live:
                        self.say(f"{title} {time.monotonic() - started:.0f} s ...")
        finally:
            process.kill()
            process.wait()

    def _failure(self, title: str, text: str) -> StepFailed:
        if _NO_NETWORK.search(text):
            return Offline(
                f"{title} needs the package registries (PyPI and npm) and cannot reach them; check the "
                f"network, or HTTPS_PROXY where there is one, and call again ({self._log} has the details)."
            )
        last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no output")
        return StepFailed(f"{title} failed with '{last}'; {self._log} has the details, then call again.")


def _start(
    command: list[str], output: IO[str], *, env: dict[str, str] | None, cwd: Path | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=cwd
    )
