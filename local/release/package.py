"""The one file that every region gets: the app with what it needs, the same bytes from the same commit."""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from local.errors import DevError
from local.release.contents import deployed_files

LIBRARIES = Path(".python_packages/lib/site-packages")
"""Where Azure Functions looks for an app's packages ("Azure Functions Python developer guide")."""

PYTHON = "3.13"
_PLATFORM = "x86_64-manylinux_2_28"
_THEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say


@dataclass(frozen=True, slots=True)
class Package:
    """A zip file as it is deployed, with the digest by which each region knows it again."""

    path: Path
    digest: str
    files: int
    unpacked_bytes: int

    @property
    def packed_bytes(self) -> int:
        """The size of the zip file."""
        return self.path.stat().st_size


def build(root: Path, target: Path, version: str) -> Package:
    """Puts the package together; `version` is what GET /health answers."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        lay_out(root, tree, version)
        return _zipped(tree, target)


def lay_out(root: Path, tree: Path, version: str) -> None:
    """The files of the package in a folder, compiled, as Azure unpacks them."""
    for file in deployed_files(root):
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / file, tree / file)
    (tree / "version.txt").write_text(f"{version}\n", encoding="utf-8")
    _install(root, tree / LIBRARIES)
    _compile(tree)


def _install(root: Path, libraries: Path) -> None:
    """For the machines of Azure, whatever this one is; each file has the hash that was pinned."""
    command = [
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "install",
        "--quiet",
        "--target",
        str(libraries),
    ]
    command += ["--python-platform", _PLATFORM, "--python-version", PYTHON, "--only-binary", ":all:"]
    command += ["--require-hashes", "--system-certs", "-r", str(root / "requirements.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DevError(f"the packages of requirements.txt cannot be installed:\n{done.stderr}")
    # Scripts name this machine's interpreter, and no function calls them.
    shutil.rmtree(libraries / "bin", ignore_errors=True)
    (libraries / ".lock").unlink(missing_ok=True)


def _compile(tree: Path) -> None:
    """Nothing can be written where Azure mounts the package: else each start would compile it again."""
    if sys.version_info[:2] != tuple(map(int, PYTHON.split("."))):
        raise DevError(f"a package is built with Python {PYTHON}, which runs in Azure; make .venv with it.")
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(tree, quiet=2, invalidation_mode=unchecked, stripdir=str(tree), force=True)


def _zipped(tree: Path, target: Path) -> Package:
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            entry = zipfile.ZipInfo(str(path.relative_to(tree)), _THEN)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return Package(target, digest, len(files), sum(path.stat().st_size for path in files))
