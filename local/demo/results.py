"""What became of one input, and whether that is what a demo has to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.demo.inputs import Input
from local.demo.traffic import SlowRequest
from local.exporting import Finished

_GOOD_ENDS = frozenset({"succeeded", "completedWithErrors"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An export that ended, with what was measured around it. `seconds` count from the first byte sent."""

    input: Input
    finished: Finished
    seconds: float
    requests: int
    slowest_request: SlowRequest | None
    rows_before: int
    rows_after: int

    @property
    def rows_agree(self) -> bool:
        """Whether the table has as many more rows than before as records were created."""
        return self.rows_after - self.rows_before == self.finished.counts["created"]


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that the API did not take, and what it said."""

    input: Input
    reason: str


@dataclass(frozen=True, slots=True)
class Results:
    """All exports of one demo. `alone`: no earlier export was still under way beside them."""

    ended: Sequence[Result]
    refused: Sequence[Refused]
    alone: bool

    def total(self, outcome: str) -> int:
        """Records of all exports with an outcome."""
        return sum(result.finished.counts[outcome] for result in self.ended)

    def shortcomings(self) -> list[str]:
        """Why the demo did not do what it is for; empty when it did."""
        refused = [f"{one.input.file.name} was not exported: {one.reason}" for one in self.refused]
        found = [sentence for result in self.ended for sentence in _shortcomings(result)]
        if self.alone:
            found += [_miscounted(result) for result in self.ended if not result.rows_agree]
        return [*refused, *found]


def _shortcomings(result: Result) -> Iterator[str]:
    export, noun = result.finished.export, result.input.noun
    if export["state"] not in _GOOD_ENDS:
        reason = export.get("problem") or "the reasons stand above, record by record."
        yield f"the export of {noun} ended as {export['state']}: {reason}"
    if not result.finished.is_complete:
        done, total = sum(result.finished.counts.values()), export["counts"]["total"]
        yield f"only {done:,} of {total:,} {noun} have an outcome."


def _miscounted(result: Result) -> str:
    new, created = result.rows_after - result.rows_before, result.finished.counts["created"]
    return (
        f"Dataverse has {new:,} more {result.input.noun} than before, and {created:,} were created: "
        "somebody else writes there, or the export lost or doubled some."
    )
