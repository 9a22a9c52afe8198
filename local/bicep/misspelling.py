"""Misspells each key and each reference of the infrastructure in turn, and tells what the check finds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.bicep.across.code import Code
from local.bicep.check import Checker
from local.bicep.findings import Position
from local.bicep.program import load
from local.bicep.syntax.parser import parse
from local.bicep.syntax.tree import Call, Keyword, Member, Name, NamedType, Node, Property, TypeMember, walk

KEYS = "property keys"
REFERENCES = "references"
DECLARED = "declared names"
_BUILT_IN = frozenset({"string", "int", "bool", "object", "array"})


@dataclass(frozen=True, slots=True)
class Misspelling:
    """One word of one file, and what becomes of it."""

    kind: str
    file: Path
    at: Position
    word: str

    @property
    def wrong(self) -> str:
        """The word without a letter in its middle; short words get one more."""
        middle = len(self.word) // 2
        return self.word[:middle] + self.word[middle + 1 :] if len(self.word) > 3 else f"{self.word}x"

    def applied(self, text: str) -> str:
        """The file's text with the word misspelt."""
        lines = text.split("\n")
        line, start = lines[self.at.line - 1], self.at.column - 1
        start += line[start] == "'"
        if not line.startswith(self.word, start):
            raise ValueError(f"{self.file}:{self.at.line} has no {self.word!r} at column {self.at.column}")
        lines[self.at.line - 1] = line[:start] + self.wrong + line[start + len(self.word) :]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A misspelling, and whether the check said anything."""

    misspelling: Misspelling
    found: bool


def misspellings(texts: Mapping[Path, str]) -> Iterator[Misspelling]:
    """Every word that can be misspelt."""
    for path, text in texts.items():
        tree = parse(text)
        for statement in tree.statements:
            if statement.keyword in {
                Keyword.PARAM,
                Keyword.VAR,
                Keyword.TYPE,
                Keyword.RESOURCE,
                Keyword.MODULE,
            }:
                yield Misspelling(DECLARED, path, statement.at, statement.name)
        for node in walk(tree.statements):
            if (found := _word(node)) is not None:
                yield Misspelling(found[0], path, node.at, found[1])


def _word(node: Node) -> tuple[str, str] | None:
    match node:
        case Property(_, str(key), _):
            return KEYS, key
        case TypeMember(_, name) if name != "*":
            return DECLARED, name
        case Name(_, name) | Member(_, _, name):
            return REFERENCES, name
        case Call(_, name):
            return REFERENCES, name
        case NamedType(_, name) if name not in _BUILT_IN:
            return REFERENCES, name
    return None


def tried(texts: Mapping[Path, str], code: Code, *, root: Path, every: int = 1) -> Iterator[Outcome]:
    """Misspells every n-th word, each alone, and checks the whole."""
    checker = Checker(code)
    for misspelling in list(misspellings(texts))[::every]:
        changed = {**texts, misspelling.file: misspelling.applied(texts[misspelling.file])}
        yield Outcome(misspelling, bool(checker.check(load(root, changed))))
