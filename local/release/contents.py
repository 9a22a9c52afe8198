"""Which files of the repository are deployed: the app, and nothing of what tests or develops it."""

from collections.abc import Iterator
from pathlib import Path

DEPLOYED = ("function_app.py", "host.json", "requirements.txt", "functions", "shared")


def deployed_files(root: Path) -> list[Path]:
    """The files that are deployed, relative to the root, in their order."""
    return sorted(path.relative_to(root) for name in DEPLOYED for path in _files(root / name))


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    else:
        yield from (path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
