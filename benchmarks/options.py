"""What the command line chooses for all benchmarks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much is measured, and how often."""

    records: int = 10_000
    rounds: int = 3
    million: bool = False
    details: bool = False
    full_window: bool = False
