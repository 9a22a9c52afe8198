"""What became of the mutants, file by file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local.mutation.mutants import Mutant


class Verdict(StrEnum):
    """How it ended."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and its end."""

    mutant: Mutant
    verdict: Verdict


def table(tried: Sequence[Tried]) -> Iterable[str]:
    """The share killed of each file and of all, with what no test reaches counted as alive."""
    yield f"{'killed':>7} {'of':>5} {'share':>6} {'unreached':>10}"
    for path in sorted({one.mutant.path for one in tried}):
        yield _row([one for one in tried if one.mutant.path == path], path)
    yield _row(tried, "all")


def _row(tried: Sequence[Tried], name: str) -> str:
    killed = sum(one.verdict is Verdict.KILLED for one in tried)
    unreached = sum(one.verdict is Verdict.UNREACHED for one in tried)
    share = f"{killed / len(tried):.0%}" if tried else "-"
    return f"{killed:>7} {len(tried):>5} {share:>6} {unreached or '':>10}  {name}"
