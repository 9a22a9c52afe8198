"""`python -m local.emulators.dataverse`: the Dataverse emulator as a process of its own."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from local.emulators.dataverse.application import build
from local.emulators.dataverse.schema import SchemaFileError
from local.emulators.dataverse.server import Certificate, listen, serve
from local.emulators.dataverse.world import WorldFileError

WORLD: Final = Path(__file__).parents[2] / "world.json"


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m local.emulators.dataverse", description=__doc__)
    parser.add_argument("--port", type=int, default=7074, help="0 takes a free port")
    parser.add_argument("--world", type=Path, default=WORLD, help="organizations and users")
    parser.add_argument("--state", type=Path, help="folder of the databases; without it, rows live in memory")
    parser.add_argument("--entra", default="http://127.0.0.1:7073", help="where signing keys come from")
    parser.add_argument("--metadata", type=Path, action="append", default=[], help="a table's metadata")
    parser.add_argument(
        "--anonymous", action="store_true", help="no token, or any word as one, is an administrator"
    )
    parser.add_argument("--tls-cert", type=Path, help="PEM file: serve https, as Microsoft's SDK asks for")
    parser.add_argument("--tls-key", type=Path, help="PEM file of the certificate's key")
    options = parser.parse_args(argv)
    if bool(options.tls_cert) is not bool(options.tls_key):
        parser.error("--tls-cert and --tls-key go together: give both files, or neither for plain http.")
    return options


def main() -> int:
    """Serves until SIGTERM or SIGINT."""
    options = arguments()
    try:
        bound = listen(options.port)
    except OSError as error:
        print(
            f"Port {options.port} cannot be used: {error.strerror}. Choose another with --port.",
            file=sys.stderr,
        )
        return 1
    try:
        application, site = build(options)
    except (SchemaFileError, WorldFileError) as error:
        print(error, file=sys.stderr)
        return 1
    certificate = Certificate(options.tls_cert, options.tls_key) if options.tls_cert else None
    try:
        serve(application, bound, certificate)
    except OSError as error:
        print(f"The certificate cannot be used: {error}. Give PEM files that can be read.", file=sys.stderr)
        return 1
    finally:
        site.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
