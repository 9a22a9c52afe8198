"""Takes a call of ./dev from the newcomer's Python into the checkout's own environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from local.commands import calls
from local.environment.prepare import prepared_python
from local.errors import DevError

ROOT = Path(__file__).resolve().parents[2]


def start(arguments: list[str]) -> int:
    """Shows help, or prepares the environment and becomes the call; returns only when it cannot."""
    if not arguments or arguments[0] in calls.HELP_WORDS:
        print(calls.help_text())
        return 0
    try:
        calls.module_of(arguments[0])
        _become(arguments)
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\ndev: interrupted; call it again to go on.", file=sys.stderr)
    return 1


def _become(arguments: list[str]) -> None:
    os.environ["DEV_CALLED_FROM"] = str(Path.cwd())
    os.chdir(ROOT)
    python = str(prepared_python(ROOT))
    # Replaced rather than started: Ctrl-C, SIGTERM and the exit code need nobody in between.
    os.execv(python, [python, "-m", "local.commands", *arguments])  # noqa: S606 - no shell is wanted
