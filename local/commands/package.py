"""./dev package: the zip file that is deployed to every region."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from local.commands.callers_folder import given_path
from local.release.package import build

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str]) -> int:
    """0 when the file is there; its digest stands beside it, as sha256sum writes it."""
    parser = argparse.ArgumentParser(prog="./dev package", description=__doc__)
    parser.add_argument("version", help="what GET /health will answer as its release, such as v1.4.0")
    parser.add_argument("--to", default="package.zip", metavar="FILE", help="default: %(default)s")
    options = parser.parse_args(arguments)
    target = given_path(options.to)
    package = build(ROOT, target, options.version)
    note = target.with_name(f"{target.name}.sha256")
    note.write_text(f"{package.digest}  {target.name}\n", encoding="utf-8")
    packed, unpacked = package.packed_bytes / 1e6, package.unpacked_bytes / 1e6
    print(f"{target}: {packed:.1f} MB, unpacked {unpacked:.1f} MB in {package.files:,} files")
    print(f"sha256 {package.digest}")
    return 0
