"""./dev test: pytest, with its own arguments."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes pytest."""
    command = [sys.executable, "-m", "pytest", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - pytest takes the signals and gives the exit code
