"""The pinned Python packages in .venv, put there by uv, or by pip where uv cannot."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from local.environment import virtualenv
from local.environment.steps import Offline, StepFailed, Steps

_REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")


def are_current(root: Path) -> bool:
    """True where .venv has the packages that the requirements files name today."""
    try:
        stamp = _stamp(root).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == _fingerprint(root) and virtualenv.python_of(root).exists()


def install(root: Path, steps: Steps) -> None:
    """Installs what the requirements files name, and notes that it is there only when all of it is."""
    python = str(virtualenv.python_of(root))
    pip = [python, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--retries", "2", "--timeout", "30"]
    try:
        steps.run("installing uv", [*pip, _uv_requirement(root)])
        _install_with_uv(root, steps)
    except Offline:
        raise
    except StepFailed:
        # One by one: pip wants either a hash for everything that it is told, or for nothing.
        for name in _REQUIREMENTS:
            steps.run(f"installing {name} with pip", [*pip, "-r", name], cwd=root)
    virtualenv.unfinished_mark(root).unlink(missing_ok=True)
    note_current(root)


def note_current(root: Path) -> None:
    """Remembers that what the requirements files name today is there."""
    _stamp(root).write_text(_fingerprint(root), encoding="utf-8")


def _install_with_uv(root: Path, steps: Steps) -> None:
    # Compiled now, or every process compiles for itself where PYTHONDONTWRITEBYTECODE is set.
    options = ["--no-cache", "--no-progress", "--compile-bytecode", "--system-certs"]
    uv = [str(root / ".venv" / "bin" / "uv"), "pip", "install", *options]
    named = ["--python", str(virtualenv.python_of(root))]
    for name in _REQUIREMENTS:
        named += ["-r", name]
    try:
        steps.run("installing the Python packages", [*uv, *named], cwd=root)
    except Offline as error:
        # pip has just reached the registry: it reads settings (an index, a certificate) that uv does not.
        raise StepFailed(str(error)) from error


def _stamp(root: Path) -> Path:
    return root / ".venv" / "installed"


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256(virtualenv.version_of(root).encode())
    for name in _REQUIREMENTS:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def _uv_requirement(root: Path) -> str:
    """The line of the requirements that pins uv, so that its version stands in one place."""
    text = (root / _REQUIREMENTS[1]).read_text(encoding="utf-8")
    found = re.search(r"^uv==\S+", text, re.MULTILINE)
    return found.group() if found else "uv"
