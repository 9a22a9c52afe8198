"""Finds the best Python on this machine to make the environment with."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.errors import DevError

VERSIONS = ("3.13", "3.12", "3.11")  # best first: 3.13 is what runs in Azure

# Only running it tells: a version manager's shim may refuse, and Debian's python3 may lack ensurepip.
_PROBE = (
    "import sys, ensurepip, venv, ssl, sqlite3, ctypes;"
    "print('%d.%d.%d' % sys.version_info[:3], getattr(sys, '_base_executable', sys.executable), sep='\\n')"
)


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs and can make a virtual environment."""

    executable: str
    version: str

    @property
    def minor(self) -> str:
        """The version without its last number, such as 3.13."""
        return ".".join(self.version.split(".")[:2])


def best_interpreter() -> Interpreter:
    """The newest of the supported versions; an error names what is wrong with those that were found."""
    refusals: list[str] = []
    for version in VERSIONS:
        for candidate in candidates(version):
            found = _probe(candidate, refusals)
            if found is not None and found.minor == version:
                return found
    raise DevError(_none_found(refusals))


def candidates(version: str) -> Iterator[str]:
    """Where this version may lie: the running one, by name on PATH, in a folder of versions."""
    name = "python" + version
    if version == "{}.{}".format(*sys.version_info[:2]):
        yield sys.executable
    folders = [Path(folder) for folder in os.get_exec_path() if folder]
    yield from (str(folder / name) for folder in folders if (folder / name).is_file())
    # A version manager keeps <root>/versions/3.13.1/bin, with its shims or its own bin in <root> on PATH.
    roots = [Path(sys.base_prefix).parent, *(folder.parent / "versions" for folder in folders)]
    for root in dict.fromkeys(roots):
        installed = sorted(root.glob(f"{version}.*/bin/{name}"), key=_newest_last)
        yield from (str(path) for path in reversed(installed))


def _newest_last(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parents[1].name)]


def _probe(candidate: str, refusals: list[str]) -> Interpreter | None:
    try:
        done = subprocess.run(
            [candidate, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        refusals.append(f"{candidate}: {error}")
        return None
    if done.returncode:
        last = (done.stderr.strip() or "it does not run").splitlines()
        missing = [line for line in last if line.startswith("ModuleNotFoundError")]
        refusals.append(f"{candidate}: {missing[0] if missing else last[0]}")
        return None
    version, executable = done.stdout.split("\n")[:2]
    return Interpreter(executable, version)


def _none_found(refusals: list[str]) -> str:
    found = f" Found, but of no use: {'; '.join(refusals)}." if refusals else ""
    running = "{}.{}.{}".format(*sys.version_info[:3])
    return (
        f"needs Python 3.13, 3.12 or 3.11 with its venv module, and this machine has none that works "
        f"(this is {running}); install one, on Debian or Ubuntu with 'apt install python3 python3-venv'."
        f"{found}"
    )
