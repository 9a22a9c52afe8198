"""./dev pin: requirements.txt anew, from requirements.in."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from local.errors import DevError

SOURCE, PINNED = "requirements.in", "requirements.txt"


def main(arguments: Sequence[str]) -> int:
    """0 when the file is written; what is pinned already stays unless --upgrade asks for newer versions."""
    parser = argparse.ArgumentParser(prog="./dev pin", description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest of what is not named itself")
    options = ["--upgrade"] if parser.parse_args(arguments).upgrade else []
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", *options]
    # For every Python and every machine that the code runs on: the package of another one has another hash.
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"]
    command += ["--custom-compile-command", "./dev pin", "--system-certs", SOURCE, "-o", PINNED]
    if subprocess.run(command, check=False).returncode:
        raise DevError(f"{SOURCE} could not be resolved; what is wrong stands above.")
    print(f"{PINNED} is written; './dev up' or any other call installs it.")
    return 0
