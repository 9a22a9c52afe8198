"""The virtual environment in .venv: made where it is missing, made anew where it is broken or half made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from local.environment.interpreters import Interpreter, best_interpreter
from local.environment.steps import Steps


def python_of(root: Path) -> Path:
    """The environment's interpreter, whether it exists or not."""
    return root / ".venv" / "bin" / "python"


def unfinished_mark(root: Path) -> Path:
    """A file that lies in the environment while packages are being installed into it."""
    return root / ".venv" / "unfinished"


def version_of(root: Path) -> str:
    """The Python version that the environment was made with, or an empty text."""
    try:
        lines = (root / ".venv" / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return settings.get("version", settings.get("version_info", ""))


def ensure(root: Path, steps: Steps) -> None:
    """Leaves a sound environment of the best interpreter, which is marked as unfinished when it is new."""
    best = best_interpreter()
    if _is_sound(root, best):
        return
    folder = root / ".venv"
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        steps.say("the environment in .venv is unfinished, broken or of another Python; making it anew")
        shutil.rmtree(folder)
    steps.run(
        f"making .venv with Python {best.version} ({best.executable})",
        [best.executable, "-m", "venv", str(folder)],
    )
    unfinished_mark(root).touch()


def _is_sound(root: Path, best: Interpreter) -> bool:
    if unfinished_mark(root).exists() or not python_of(root).exists():
        return False
    probe = [str(python_of(root)), "-c", "import sys, pip; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == best.minor
