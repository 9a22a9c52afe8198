"""A newcomer's first run: a fresh clone with an empty home, then the same again."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.figures import Figure, Report
from benchmarks.options import Options
from local.ports import free_ports

_ROOT = Path(__file__).resolve().parents[1]
_CALLS = (("demo", "--once"), ("test",))
# What leads a newcomer's tools to the registries; everything else of the environment stays behind.
_KEPT = (
    "PATH",
    "LANG",
    "TMPDIR",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
)
_KEPT_BEGINNINGS = ("PIP_", "SSL_", "NODE_EXTRA_", "REQUESTS_CA_", "npm_config_")


def run(_options: Options) -> Iterator[Report]:
    """Seconds of each call, cold and warm, of what is committed; a call that fails is said to."""
    with tempfile.TemporaryDirectory() as folder:
        home, clone = Path(folder, "home"), Path(folder, "clone")
        home.mkdir()
        environment = _environment(home)
        cloning = ["git", "clone", "--quiet", str(_ROOT), str(clone)]
        figure = _timed("git clone", cloning, environment, meaning="what is committed in this checkout")
        yield Report("firstrun: a fresh clone and an empty home", [figure])
        for meaning in ("the first time: the first call installs everything", "the second time"):
            for call in _CALLS:
                command = [str(clone / "dev"), *call]
                figure = _timed(f"./dev {' '.join(call)}", command, environment, meaning=meaning)
                yield Report(f"firstrun: ./dev {call[0]}", [figure])


def _environment(home: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_BEGINNINGS)
    }
    return {**kept, "HOME": str(home), "DEV_PORT_BASE": str(free_ports().host)}


def _timed(name: str, command: list[str], environment: Mapping[str, str], *, meaning: str) -> Figure:
    started = time.monotonic()
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        last = (done.stdout + done.stderr).splitlines()[-1:]
        meaning = f"{meaning}; FAILED with exit code {done.returncode}: {' '.join(last)}"
    return Figure(name, seconds, "s", meaning)
