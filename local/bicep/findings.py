"""What is wrong, and where: one finding is one line of the report."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A fault: its place, what it is, and what to do about it."""

    file: Path
    at: Position
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{self.file}:{self.at.line}:{self.at.column}: {self.what} {self.todo}"


class SyntaxFault(Exception):
    """The file cannot be read any further than this place."""

    def __init__(self, at: Position, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
