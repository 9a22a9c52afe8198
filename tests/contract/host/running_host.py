"""A functions host in a process of its own, for a test."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).parents[3]
APPS = Path(__file__).parent / "apps"

T = TypeVar("T")


@dataclass
class RunningHost:
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        line = wait_for(lambda: next(iter(self.logged("^listening on")), None) or self._ended())
        return int(line.rsplit(":", 1)[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def logged(self, pattern: str) -> list[str]:
        return [line for line in list(self.log) if re.search(pattern, line)]

    def _ended(self) -> None:
        assert self.process.poll() is None, "\n".join(self.log)

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def running_host(app: str, **environment: str) -> Iterator[RunningHost]:
    """Serves the app in the folder `apps/<app>` until the block ends."""
    lease = environment.pop("LEASE", "600")
    host = RunningHost(
        subprocess.Popen(
            [sys.executable, "-m", "local.host", "--port", "0", "--lease", lease],
            cwd=APPS / app,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    )
    reader = threading.Thread(target=_read, args=(host,))
    reader.start()
    try:
        assert host.port
        yield host
    finally:
        host.stop()
        reader.join()


def wait_for(find: Callable[[], T | None], seconds: float = 180) -> T:
    """What `find` gives as soon as it is something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = find()
        if found:
            return found
        time.sleep(0.02)
    message = f"nothing of what was waited for within {seconds} s"
    raise AssertionError(message)


def records(file: Path) -> list[dict[str, Any]]:
    """The JSON lines in `file`, which need not exist yet; of a line that is being written nothing."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _read(host: RunningHost) -> None:
    assert host.process.stdout
    with host.process.stdout as lines:
        host.log.extend(line.rstrip("\n") for line in lines)
