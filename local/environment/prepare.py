"""Makes what is missing of the environment, one ./dev at a time, and nothing where nothing is."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.environment import azurite, packages, virtualenv
from local.environment.steps import Steps


def prepared_python(root: Path) -> Path:
    """The interpreter of the checkout's own environment, after making or repairing what is missing in it."""
    if not _is_ready(root):
        with _alone(root):
            if not _is_ready(root):
                _prepare(root)
    return virtualenv.python_of(root)


def _is_ready(root: Path) -> bool:
    return packages.are_current(root) and azurite.is_current(root)


def _prepare(root: Path) -> None:
    steps = Steps(root / ".local" / "logs" / "setup.log")
    if not packages.are_current(root):
        virtualenv.ensure(root, steps)
        packages.install(root, steps)
    if not azurite.is_current(root):
        azurite.install(root, steps)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Waits until no other ./dev prepares this checkout; the lock ends with the process."""
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("dev: another ./dev is preparing the environment; waiting for it", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
