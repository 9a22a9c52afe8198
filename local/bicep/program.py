"""The files of an infrastructure folder, each parsed once."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from local.bicep.findings import Finding, SyntaxFault
from local.bicep.syntax.parser import parse
from local.bicep.syntax.tree import Keyword, Statement, Tree

_REFERRING = (Keyword.IMPORT, Keyword.MODULE, Keyword.USING)


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A parsed file. Two are the same only where they are one: trees are too large to compare."""

    path: Path
    tree: Tree

    @property
    def scope(self) -> str:
        """At which level the file deploys."""
        for statement in self.tree.of(Keyword.SCOPE):
            if statement.value is not None and (text := getattr(statement.value, "plain", None)):
                return str(text)
        return "resourceGroup"

    def declared(self) -> Iterator[Statement]:
        """What can be referred to by name; outputs cannot."""
        named = {Keyword.PARAM, Keyword.VAR, Keyword.TYPE, Keyword.RESOURCE, Keyword.MODULE}
        return (each for each in self.tree.statements if each.keyword in named)

    def relative(self, reference: str) -> Path:
        """The path of another file as this one names it."""
        return Path(os.path.normpath(self.path.parent / reference))


@dataclass(slots=True)
class Program:
    """Every file by its path; `faults` are the files that cannot be read."""

    root: Path
    files: dict[Path, SourceFile] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)

    @property
    def templates(self) -> Iterator[SourceFile]:
        """The files that deploy or declare something."""
        return (each for path, each in self.files.items() if path.suffix == ".bicep")

    @property
    def parameter_files(self) -> Iterator[SourceFile]:
        """The files of parameters."""
        return (each for path, each in self.files.items() if path.suffix == ".bicepparam")

    def uses(self, file: SourceFile) -> tuple[SourceFile, ...]:
        """A file and those on which its meaning depends: of a module, parameters and types matter."""
        found = {path: self.files[path] for path in _references(file) if path in self.files}
        waiting = list(found.values())
        while waiting:
            for path in _references(waiting.pop(), (Keyword.IMPORT,)):
                if path in self.files and path not in found:
                    found[path] = self.files[path]
                    waiting.append(self.files[path])
        return (file, *found.values())


@lru_cache(maxsize=1024)
def _references(file: SourceFile, keywords: tuple[Keyword, ...] = _REFERRING) -> tuple[Path, ...]:
    return tuple(
        file.relative(each.label.plain)
        for each in file.tree.statements
        if each.keyword in keywords and each.label and each.label.plain
    )


def sources(root: Path) -> dict[Path, str]:
    """The text of every Bicep file below a folder."""
    paths = (*root.rglob("*.bicep"), *root.rglob("*.bicepparam"))
    return {path.resolve(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def load(root: Path, texts: Mapping[Path, str]) -> Program:
    """The program of these texts."""
    program = Program(root.resolve())
    for path, text in texts.items():
        try:
            program.files[path] = _parsed(path, text)
        except SyntaxFault as fault:
            finding = Finding(
                path, fault.at, fault.what, "Put the syntax right; nothing else of this file is checked."
            )
            program.faults.append(finding)
    return program


@lru_cache(maxsize=512)
def _parsed(path: Path, text: str) -> SourceFile:
    """Parsed once for each text: a run that changes one file at a time parses just that one."""
    return SourceFile(path, parse(text))
