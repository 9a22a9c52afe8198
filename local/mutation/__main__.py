"""Mutation testing inside of a copy of the checkout, whose folder is the working directory."""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from local.mutation.court import Court
from local.mutation.hasty import OPTIONS, Hasty
from local.mutation.mutants import Mutant, mutants_of
from local.mutation.seeded import seeded_faults, try_all
from local.mutation.verdicts import table

# What decides and has unit tests. What only passes on to a service is tried against the emulators instead.
_PATHS = (
    "shared/domain",
    *(
        f"shared/dataverse/{name}.py"
        for name in ("attributes", "children", "errors", "links", "messages", "multipart", "odata", "queries")
    ),
    *("shared/dataverse/refusals.py", "shared/dataverse/targets.py"),
    *(
        f"shared/storage/{name}.py"
        for name in ("crypto", "entities", "keys", "mapping_rows", "row_options", "secret_box")
    ),
    *(f"shared/entra/{name}.py" for name in ("errors", "id_tokens", "sign_in")),
    *(
        "shared/redaction.py",
        "functions/export",
        "functions/identity.py",
        "functions/connect",
        "functions/http",
    ),
)
_TESTS = ("tests/unit",)
# With --contract: what tries an adapter, and what stands on it, against emulators and Azurite.
_CONTRACT = {
    "shared/storage/": "tests/contract/storage",
    "shared/dataverse/": "tests/contract/dataverse_client",
    "functions/export/": "tests/contract/dataverse_client",
    "shared/transport.py": "tests/contract/dataverse_client",
    "shared/entra/": "tests/contract/entra_client",
    "functions/connect/": "tests/contract/entra_client",
}


def main(arguments: Sequence[str]) -> int:
    """Tries mutants, or seeded faults; fails where tests do not run, or do not notice a seeded fault."""
    asked = _asked(arguments)
    root = Path.cwd()
    if asked.seeded:
        return 1 if try_all(seeded_faults(), root, say=partial(print, flush=True)) else 0
    return _try_mutants(asked, root)


def _try_mutants(asked: argparse.Namespace, root: Path) -> int:
    with os.fdopen(os.dup(1), "w") as terminal:

        def say(line: str) -> None:
            print(line, file=terminal, flush=True)

        log = root.parent / "pytest.log"
        with log.open("wb") as output:  # what pytest says goes there
            os.dup2(output.fileno(), 1)
        court = Court(root, _drawn(asked, root), asked.seconds, say, shares_servers=asked.contract)
        say(
            f"{len(court.mutants)} mutants; the tests without a mistake first, to see which lines they run..."
        )
        code = pytest.main([*OPTIONS, *_tests(asked, court.mutants)], plugins=[Hasty(), court])
        if not court.tried:
            say(f"the tests do not run ({code}): {log.read_text()[-3000:]}")
        say("\n".join(table(court.tried)))
        return 0 if court.tried else 1


def _tests(asked: argparse.Namespace, mutants: Sequence[Mutant]) -> list[str]:
    if asked.tests:
        return [*asked.tests]
    if not asked.contract:
        return [*_TESTS]
    paths = tuple(mutant.path for mutant in mutants)
    folders = {folder for start, folder in _CONTRACT.items() if any(path.startswith(start) for path in paths)}
    return [*_TESTS, *sorted(folders)]


def _drawn(asked: argparse.Namespace, root: Path) -> list[Mutant]:
    mutants = [
        mutant
        for path in _files(asked.paths, root)
        for mutant in mutants_of(str(path.relative_to(root)), path.read_bytes())
    ]
    if asked.sample and asked.sample < len(mutants):
        mutants = random.Random(asked.seed).sample(mutants, asked.sample)  # noqa: S311 - nothing secret
    return sorted(mutants, key=lambda mutant: (mutant.path, mutant.span))


def _files(paths: Sequence[str], root: Path) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        place = root / path
        found += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return found


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__)
    parser.add_argument("--seeded", action="store_true", help="the faults of seeded_faults.toml, not mutants")
    parser.add_argument(
        "paths", nargs="*", default=_PATHS, help="files and folders instead of all that decides"
    )
    parser.add_argument("--sample", type=int, help="this many mutants, drawn from all of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tests", action="append", help="tests other than tests/unit; may be given several times"
    )
    parser.add_argument(
        "--contract", action="store_true", help="contract tests of the mutated adapters as well as unit tests"
    )
    parser.add_argument("--seconds", type=float, default=20, help="of tests for a mutant, the quickest first")
    asked = parser.parse_args(arguments)
    if missing := [path for path in asked.paths if not Path(path).exists()]:
        parser.error(f"there is no {missing[0]} in the checkout; name files and folders from its top")
    return asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
