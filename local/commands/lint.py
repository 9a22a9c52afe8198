"""./dev lint: every check of the sources, side by side, each with its verdict."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local.portal.building import is_installed

_FILES = (".", "dev")  # dev has no ending by which it would be found
_RUFF = (sys.executable, "-m", "ruff")
_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"

_WORKFLOWS = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows")

_CHECKS: Mapping[str, tuple[str, ...]] = {
    "format": (*_RUFF, "format", "--check", *_FILES),
    "lint": (*_RUFF, "check", *_FILES),
    "types": (sys.executable, "-m", "mypy"),
    "imports": (sys.executable, "-c", _IMPORTS, "--no-logo"),
    "infra": (sys.executable, "-m", "local.bicep"),
    "deploy": (*_WORKFLOWS, *sorted(map(str, Path(".github/workflows").glob("*.yml")))),
}
_PORTAL = (sys.executable, "-m", "local.portal", "check")
_REPAIRS = (
    (*_RUFF, "check", "--fix", "--quiet", "--exit-zero", *_FILES),
    (*_RUFF, "format", "--quiet", *_FILES),
)


def main(arguments: Sequence[str]) -> int:
    """0 where every check is content."""
    parser = argparse.ArgumentParser(
        prog="./dev lint",
        description="Checks formatting, lint, types, imports, infrastructure, workflows and the portal.",
    )
    parser.add_argument("--fix", action="store_true", help="first repair what can be repaired")
    if parser.parse_args(arguments).fix:
        for repair in _REPAIRS:
            subprocess.run(repair, check=True)
    return 0 if _all_content() else 1


def _all_content() -> bool:
    started = time.monotonic()
    running = {name: _start(command) for name, command in _checks()}
    content = [_report(name, process, started) for name, process in running.items()]
    return all(content)


def _checks() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _CHECKS.items()
    if is_installed() or os.environ.get("CI"):
        yield "portal", _PORTAL
    else:
        print("portal  skipped: its packages are not there yet ('./dev up' installs them)", flush=True)


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _report(name: str, process: subprocess.Popen[str], started: float) -> bool:
    output, _ = process.communicate()
    verdict = "failed" if process.returncode else "ok"
    print(f"{name:<8}{verdict:<7}{time.monotonic() - started:5.1f} s", flush=True)
    if process.returncode:
        print(output, flush=True)
    return process.returncode == 0
