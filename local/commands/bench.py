"""./dev bench: the benchmarks, with their own arguments."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes the benchmarks."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    os.execv(sys.executable, command)  # noqa: S606 - they take the signals and give the exit code
