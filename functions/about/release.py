"""Which release of the service this is."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[2] / "version.txt"
_NONE = "development"


@cache
def release() -> str:
    """What the package says that was deployed; it is written when the package is built."""
    try:
        return _FILE.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return _NONE
