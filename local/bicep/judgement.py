"""What the judgement of one file gathers: its findings, and which symbols are used."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from local.bicep.findings import Finding, Position
from local.bicep.program import SourceFile


@dataclass(slots=True)
class Judgement:
    """Findings about a file. The same fault, met twice, is one finding."""

    file: SourceFile
    findings: set[Finding] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    @property
    def path(self) -> Path:
        return self.file.path

    def report(self, at: Position, what: str, todo: str) -> None:
        """Adds a finding."""
        self.findings.add(Finding(self.path, at, what, todo))

    def unknown(self, at: Position, what: str, name: str, known: Iterable[str]) -> None:
        """Adds a finding about a name that nothing has, with the name that was probably meant."""
        self.report(at, what, did_you_mean(name, known))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]!r}?"
    if not names:
        return "Remove it."
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"Remove it, or use one of: {shown}."
