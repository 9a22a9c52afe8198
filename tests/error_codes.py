"""The stable codes that the code itself names, found by reading it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from functions.http.problems import STATUS_OF, status_of
from shared.dataverse import refusals
from shared.domain import errors
from shared.domain.connection import SignInLost

ROOT = Path(__file__).parents[1]
_OF_REQUESTS = {kind.__name__: kind for kind in (*STATUS_OF, SignInLost)}
_OF_RECORDS = {"Skip", "Reject", "ValueRejected", "Dropped"}
_OF_MAPPINGS = {"Problem"}


@dataclass(frozen=True)
class Coded:
    """One code: what it belongs to (a status, or a word), and its sentence as it stands in the code."""

    code: str
    belongs_to: str
    sentence: str


def codes() -> set[Coded]:
    """Every code of functions and shared."""
    return {
        coded
        for folder in ("functions", "shared")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "problem_examples.py"
        for coded in _codes_of(ast.parse(path.read_text()))
    }


def _codes_of(module: ast.Module) -> Iterator[Coded]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            yield from _own_codes(node)
        if isinstance(node, ast.Call):
            yield from _called(_name(node.func), node.args)


def _own_codes(kind: ast.ClassDef) -> Iterator[Coded]:
    """The code that a kind of error always has."""
    for node in ast.walk(kind):
        if isinstance(node, ast.Call) and _name(node.func) == "__init__":
            for base in kind.bases:
                yield from _called(kind.name if kind.name in _OF_REQUESTS else _name(base), node.args)


def _called(name: str, arguments: list[ast.expr]) -> Iterator[Coded]:
    if name == "Refusal" and len(arguments) > 2:
        yield from _coded(_refused(_name(arguments[0])), arguments[1:])
    elif name == "Reason":
        yield from _coded("409", arguments)
    elif name in _OF_RECORDS:
        yield from _coded("record", arguments)
    elif name in _OF_MAPPINGS:
        yield from _coded("mapping", arguments)
    elif name in _OF_REQUESTS:
        yield from _coded(str(status_of(_OF_REQUESTS[name])), arguments)


def _refused(kind: str) -> str:
    found = getattr(errors, kind, None) or getattr(refusals, kind, errors.RecordRejected)
    return "record" if issubclass(found, errors.RecordRejected) else str(status_of(found))


def _coded(belongs_to: str, arguments: list[ast.expr]) -> Iterator[Coded]:
    if len(arguments) > 1 and isinstance(arguments[0], ast.Constant) and isinstance(arguments[0].value, str):
        code = arguments[0].value
        if code.isidentifier():
            status = "429" if code.lower().endswith("throttled") else belongs_to
            yield Coded(code, status, _text(arguments[1]))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "…"


ALWAYS = {"unexpected": "500"}
"""Codes that are not given to an error when it is raised."""
