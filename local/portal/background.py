"""The portal's build in a process beside the start of a stack, so that nobody waits who does not need it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PortalBuild:
    """A build under way. What its tools print goes into the log."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._started = time.monotonic()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.portal", "build"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_over(self) -> bool:
        """Whether the build has ended, well or not."""
        return self._process.poll() is not None

    def wait(self) -> str:
        """One sentence about how it went."""
        code = self._process.wait()
        seconds = time.monotonic() - self._started
        if code == 0:
            return f"The portal is built ({seconds:.0f} s)."
        return f"The portal could not be built, so that its address shows an error; {self._log} says why."

    def stop(self) -> None:
        """Ends the build and the tools that it runs; the next one begins where packages are missing."""
        if not self.is_over:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def portal_build(state: Path) -> Iterator[PortalBuild]:
    """A build that is stopped when the block is left before its end."""
    build = PortalBuild(state / "logs" / "portal-build.log")
    try:
        yield build
    finally:
        build.stop()
