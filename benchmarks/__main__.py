"""`python -m benchmarks [NAME ...]`: runs the benchmarks and prints their tables."""

import argparse
import importlib
import os
import sys
import time
from collections.abc import Sequence

from benchmarks.options import Options
from local.arguments import at_least_one
from local.ending import EndRequested, end_on_request
from local.errors import DevError

_DEFAULT = Options()

# name -> what it measures; the last ones only when they are named
BENCHMARKS = {
    "mapping": "the mapping engine alone, against json.dumps",
    "records": "what each step of an export takes for a record, without storage and HTTP",
    "verification": "verifying 200 rows, against one metadata read",
    "coldstart": "importing the app, against importing azure.functions",
    "capacity": "instances and waits for 10, 1,000 and 100,000 tenants, by a model of the queue",
    "emulator": "the Dataverse emulator, against bare SQLite",
    "export": "the full stack: speed, processor time, memory, requests, storage operations",
    "memory": "memory of the functions host for 10,000 and 100,000 records",
    "pacing": "execution time used under service protection, in simulated time",
    "limit": "new leads while Dataverse takes its time, against what that time allows",
}
ONLY_BY_NAME = {
    "peers": "ours against Microsoft's SDK, $batch and a loop, at the same emulator: some minutes",
    "fairness": "one tenant's small exports beside another's large one",
    "edits": "what protecting people's edits costs in storage operations and time",
    "growth": "what a record takes in exports of 1,000 to 100,000 records",
    "protection": "the full stack under service protection, two minutes and more",
    "package": "the package that is deployed: its size, and the cold start from it",
    "bicep": "misspelt words of the infrastructure, and how many the checker finds: a minute",
    "firstrun": "seconds from a fresh clone to the end of ./dev demo --once and ./dev test",
}


def main(arguments: Sequence[str]) -> int:
    """0 when everything that was asked for has been measured."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    everything = {**BENCHMARKS, **ONLY_BY_NAME}
    if unknown := [name for name in parsed.names if name not in everything]:
        parser.error(f"there is no benchmark '{unknown[0]}'; choose among {', '.join(everything)}")
    options = Options(
        records=parsed.records,
        rounds=parsed.rounds,
        million=parsed.million,
        details=parsed.details,
        full_window=parsed.full_window,
    )
    end_on_request()
    try:
        for name in parsed.names or BENCHMARKS:
            _run(name, options)
    except DevError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    except EndRequested:
        return 130
    return 0


def _run(name: str, options: Options) -> None:
    started = time.monotonic()
    for report in importlib.import_module(f"benchmarks.{name}").run(options):
        print(report.text(), end="\n\n", flush=True)
    print(f"{name}: measured in {time.monotonic() - started:.0f} s on {os.cpu_count()} cores\n", flush=True)


def _parser() -> argparse.ArgumentParser:
    everything = {**BENCHMARKS, **ONLY_BY_NAME}
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measures, and prints what each figure means. docs/performance.md says more.",
        epilog="\n".join(f"{name:<10} {what}" for name, what in everything.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"where none is given: the first {len(BENCHMARKS)} of these"
    )
    parser.add_argument(
        "--records", type=at_least_one, default=_DEFAULT.records, help="of each export (default: %(default)s)"
    )
    parser.add_argument(
        "--rounds", type=at_least_one, default=_DEFAULT.rounds, help="of `export` (default: %(default)s)"
    )
    parser.add_argument(
        "--million", action="store_true", help="`memory`, `growth`, `fairness` with 1,000,000 records as well"
    )
    parser.add_argument("--details", action="store_true", help="`export` lists every kind of storage request")
    parser.add_argument(
        "--full-window",
        action="store_true",
        help="`protection` with the service's own window: a quarter of an hour, little of it the machine's",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
