"""./dev chaos: rounds of chaos, with their own arguments."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes the rounds."""
    command = [sys.executable, "-m", "tests.chaos", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - they take the signals and give the exit code
