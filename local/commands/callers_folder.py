"""The folder that ./dev was called from, which paths on its command line are relative to."""

import os
from pathlib import Path


def given_path(text: str) -> Path:
    """A path as the caller meant it."""
    return Path(os.environ.get("DEV_CALLED_FROM", ""), text).absolute()
