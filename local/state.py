"""The folder in which one stack keeps its state."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.errors import DevError


def chosen_state(environment: Mapping[str, str]) -> Path:
    """The folder in DEV_STATE, or .local."""
    return Path(environment.get("DEV_STATE") or ".local").absolute()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Makes the folder and keeps other stacks out of it for as long as this process lives in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DevError(
            f"the folder {folder} cannot be made: {error.strerror}. Choose another DEV_STATE."
        ) from None
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DevError(
                f"a stack already runs with its state in {folder}; end it with Ctrl-C where it was started, "
                "or give this one its own DEV_STATE and DEV_PORT_BASE."
            ) from None
        yield
    finally:
        os.close(handle)
