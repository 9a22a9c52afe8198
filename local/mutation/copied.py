"""A copy of the checkout as it is on the disk, to be spoiled."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_AZURITE = Path("local", "azurite", "node_modules")


@contextmanager
def copy_of(root: Path) -> Iterator[Path]:
    """The copy, gone in the end: what git knows or would take, and links to what tests look for."""
    with TemporaryDirectory(prefix="mutate-") as folder:
        copy = Path(folder, "checkout")
        for name in _names(root):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target)
        for wanted, link in (
            (root.parent / "shared", copy.parent / "shared"),
            (root / _AZURITE, copy / _AZURITE),
        ):
            if wanted.exists():
                link.symlink_to(wanted)
        yield copy


def _names(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git of the path
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (root / name).is_file()]
