"""The pinned Python packages in .venv, put there by uv, or by pip where uv cannot."""

from __future__ import annotations

import hashlib
import os
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
        uv = [
            str(root / ".venv" / "bin" / "uv"),
            "pip",
            "install",
            "--no-cache",
            "--no-progress",
            "--python",
            python,
        ]
        steps.run(
            "installing the Python packages", [*uv, "-r", _REQUIREMENTS[1]], env=_uv_environment(), cwd=root
        )
    except Offline:
        raise
    except StepFailed:
        steps.run("installing the Python packages with pip", [*pip, "-r", _REQUIREMENTS[1]], cwd=root)
    virtualenv.unfinished_mark(root).unlink(missing_ok=True)
    _stamp(root).write_text(_fingerprint(root), encoding="utf-8")


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


def _uv_environment() -> dict[str, str]:
    """What this machine tells pip about certificates and the index, in the words of uv."""
    environment = dict(os.environ)
    for theirs, ours in (
        ("PIP_CERT", "SSL_CERT_FILE"),
        ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
    ):
        if environment.get(theirs):
            environment.setdefault(ours, environment[theirs])
    return environment
