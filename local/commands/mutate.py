"""./dev mutate: mistakes put into a copy of the code, to see whether the tests notice them."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from local.errors import DevError
from local.mutation.copied import copy_of

_ROOT = Path(__file__).parents[2]


def main(arguments: Sequence[str]) -> int:
    """Works in a copy, with the least priority: nobody waits for it."""
    if sys.version_info < (3, 12):
        raise DevError(
            "./dev mutate needs Python 3.12, which tells which lines a test runs; install Python 3.13."
        )
    with copy_of(_ROOT) as copy:
        os.nice(19)
        command = [sys.executable, "-m", "local.mutation", *arguments]
        return subprocess.run(command, cwd=copy, check=False).returncode
