"""./dev tables: the rows of a deployment's tables, saved to a file and loaded from it."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from azure.data.tables import TableServiceClient
from azure.identity import DefaultAzureCredential

from local.commands.callers_folder import given_path
from local.description import running_in
from local.errors import DevError
from local.release.tables import load, save
from local.state import chosen_state


def main(arguments: Sequence[str]) -> int:
    """0 when everything is saved or loaded."""
    options = _parser().parse_args(arguments)
    file = given_path(options.file)
    with _service(options.account) as service:
        if options.action == "load":
            with _opened(file, os.O_RDONLY) as lines:
                loaded = load(service, lines, replace=options.replace)
            told = ", ".join(f"{rows:,} of {table}" for table, rows in loaded.items())
            print(f"loaded: {told or 'nothing'}")
            return 0
        # It holds what customers told us: for whoever saves it alone.
        with _opened(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as out:
            rows = sum(1 for line in save(service, options.tenant) if out.write(f"{line}\n"))
    print(f"saved: {rows:,} rows in {file}", file=sys.stderr)
    return 0


@contextmanager
def _opened(file: Path, flags: int) -> Iterator[TextIO]:
    try:
        descriptor = os.open(file, flags, 0o600)
    except OSError as error:
        raise DevError(f"{file} cannot be opened: {error.strerror}. Check the path.") from None
    with os.fdopen(descriptor, "w" if flags & os.O_WRONLY else "r", encoding="utf-8") as opened:
        yield opened


def _service(account: str | None) -> TableServiceClient:
    """The account of that address, as whoever is signed in by `az login`; else the stack that is up."""
    if account is None:
        connection = running_in(chosen_state(os.environ)).storage_connection_string
        return TableServiceClient.from_connection_string(connection)
    return TableServiceClient(account, credential=DefaultAzureCredential())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev tables", description=__doc__)
    parser.add_argument("action", choices=("save", "load"))
    parser.add_argument(
        "file", help="JSON lines, one a row; personal data of the vendor's users may be in it"
    )
    parser.add_argument(
        "--account",
        metavar="URL",
        help="of the tables, such as https://NAME.table.core.windows.net; without it the stack that is up",
    )
    parser.add_argument(
        "--tenant", help="save: this tenant alone, and what of it means the same in another region"
    )
    parser.add_argument("--replace", action="store_true", help="load: put the file's rows in place of others")
    return parser
