"""Runs tests in a new process that loads a spoiled file: for mistakes in what happens at import."""

import importlib.abc
import importlib.machinery
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from local.mutation.hasty import OPTIONS, Hasty


def killed_afresh(root: Path, path: str, spoiled: bytes, *, tests: Sequence[str], seconds: float) -> bool:
    """Whether a test fails once the spoiled file is loaded, or never ends."""
    source = root.parent / "spoiled.py"
    source.write_bytes(spoiled)
    command = [sys.executable, "-m", "local.mutation.afresh", path, str(source), *tests]
    try:
        ended = subprocess.run(command, cwd=root, check=False, capture_output=True, timeout=60 + 20 * seconds)
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: Path, source: bytes) -> None:
        super().__init__(name, str(path))
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self.source, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, loader: _Loader) -> None:
        self.loader = loader

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.loader.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.loader.path, loader=self.loader)


def _main(path: str, source: str, tests: Sequence[str]) -> int:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    loader = _Loader(name, Path(path).absolute(), Path(source).read_bytes())
    sys.meta_path.insert(0, _Finder(loader))
    return int(pytest.main([*OPTIONS, "-x", *tests], plugins=[Hasty()]))


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], sys.argv[2], sys.argv[3:]))
