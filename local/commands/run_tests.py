"""./dev test: pytest, with its own arguments."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from local.browser import prepare
from local.environment.steps import Steps
from local.state import chosen_state

# Everything at once is a matter of minutes: each processor takes its share, as tests/distribution.py says.
_SIDE_BY_SIDE = ("--numprocesses", "auto", "--dist", "loadfile")


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes pytest."""
    chosen = any(not argument.startswith("-") or argument in {"-k", "-m", "-n"} for argument in arguments)
    if not chosen or any("browser" in argument for argument in arguments):
        prepare(Steps(chosen_state(os.environ) / "logs" / "browser.log"))
    shared_out = () if chosen else _SIDE_BY_SIDE
    command = [sys.executable, "-m", "pytest", *shared_out, *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - pytest takes the signals and gives the exit code
