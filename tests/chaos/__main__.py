"""`./dev chaos`: round after round with seeds of its own, until the time is over."""

import argparse
import random
import sys
import time
from collections.abc import Sequence

from local.arguments import at_least_one, minutes
from tests.chaos.chaos_round import Judged, Plan, play, total
from tests.chaos.stage import open_stage


def main(arguments: Sequence[str] | None = None) -> int:
    """1 where a promise was broken; each violation is printed with its seed."""
    wanted = _parser().parse_args(arguments)
    print(f"chaos from seed {wanted.seed}, {wanted.minutes:g} minutes", flush=True)
    judged = _rounds(wanted)
    faults = total(judged)
    broken = sum(len(each.violations) for each in judged)
    for name, times in faults.most_common():
        print(f"  {times:6} {name}")
    print(
        f"{len(judged)} rounds, {sum(each.records for each in judged)} records, "
        f"{sum(faults.values())} faults, {broken} violations"
    )
    return 1 if broken else 0


def _rounds(wanted: argparse.Namespace) -> list[Judged]:
    end = time.monotonic() + 60 * wanted.minutes
    judged: list[Judged] = []
    with open_stage(wanted.chunk) as stage:
        seed = wanted.seed
        while not judged or time.monotonic() < end:
            judged.append(play(stage, Plan(seed=seed, people=wanted.people, troubles=wanted.troubles)))
            print(judged[-1], flush=True)
            seed += 1
    return judged


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev chaos",
        description="Exports while processes die and connections break, then checks every record.",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=random.randrange(1_000_000),  # noqa: S311 - printed, to be given again
        help="of the first round (by chance)",
    )
    parser.add_argument("--minutes", type=minutes, default=10.0, help="for how long (10)")
    parser.add_argument("--people", type=at_least_one, default=120, help="in each export (120)")
    parser.add_argument("--chunk", type=at_least_one, default=20, help="records of a chunk (20)")
    parser.add_argument("--troubles", type=at_least_one, default=100, help="in each round (100)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
