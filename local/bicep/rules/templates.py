"""Judges one template: every declaration, reference, type and property in it."""

from collections import Counter
from pathlib import Path

from local.bicep.judgement import Judgement, did_you_mean
from local.bicep.program import Program, SourceFile
from local.bicep.rules.resources import ResourceRules
from local.bicep.shapes.bounds import bounds_of, check_bounds
from local.bicep.shapes.checking import Checking
from local.bicep.shapes.declared import decorator_calls, imported, interface
from local.bicep.shapes.functions import DECORATORS
from local.bicep.shapes.inference import Locals
from local.bicep.shapes.kinds import Record, Scalar, Slot
from local.bicep.shapes.symbols import Symbols
from local.bicep.syntax.tree import For, If, Keyword, Node, Statement, body_of

_OF_MODULES = {"scope": Slot(Scalar.ANY), "dependsOn": Slot(Scalar.ANY)}
_DESCRIBED = frozenset({Keyword.PARAM, Keyword.OUTPUT})
_EXTENSIONS = frozenset({"microsoftGraphV1"})


class TemplateRules:
    """Walks over the statements of a file."""

    def __init__(self, program: Program, judgement: Judgement) -> None:
        self._program = program
        self._judgement = judgement
        self._symbols = Symbols(program, judgement)
        self._checking = Checking(judgement, self._symbols.inference)
        self._resources = ResourceRules(judgement, self._symbols.inference, self._checking)

    def judge(self) -> None:
        """Judges everything in the file."""
        for statement in self._judgement.file.tree.statements:
            self._decorators(statement)
            match statement.keyword:
                case Keyword.PARAM | Keyword.OUTPUT | Keyword.VAR:
                    self._valued(statement)
                case Keyword.TYPE:
                    self._symbols.types.shape(statement.value)
                case Keyword.RESOURCE:
                    self._resources.judge(statement)
                case Keyword.MODULE:
                    self._module(statement)
                case Keyword.EXTENSION if statement.name not in _EXTENSIONS:
                    what = f"There is no extension {statement.name!r}."
                    self._judgement.unknown(statement.at, what, statement.name, _EXTENSIONS)
        self._imports()
        self._twice()
        self._unused()

    def _valued(self, statement: Statement) -> None:
        wanted = self._symbols.types.shape(statement.type) if statement.type else Scalar.ANY
        if statement.keyword is Keyword.PARAM:
            wanted = self._symbols.types.parameter(statement).shape
        if statement.value is not None:
            check_bounds(self._judgement, statement.value, bounds_of(statement.decorators))
            self._checking.check(statement.value, wanted, {})

    def _decorators(self, statement: Statement) -> None:
        for call in decorator_calls(statement):
            if call.name not in DECORATORS:
                self._judgement.unknown(
                    call.at, f"There is no decorator {call.name!r}.", call.name, DECORATORS
                )
            elif len(call.arguments) != DECORATORS[call.name]:
                count = len(call.arguments)
                what = f"The decorator {call.name!r} takes {DECORATORS[call.name]} values, not {count}."
                self._judgement.report(call.at, what, "Give it as many as it takes.")
            for argument in call.arguments:
                self._symbols.inference.shape(argument, {})
        if statement.keyword in _DESCRIBED and not statement.decorated("description"):
            what = f"The {statement.keyword} {statement.name!r} has no description."
            self._judgement.report(statement.at, what, "Add @description('…') above it.")

    def _module(self, statement: Statement) -> None:
        body, file = body_of(statement.value), self._module_file(statement)
        if body is None or file is None:
            return
        parameters = interface(self._program, file).parameters
        wanted = Record("module", {"params": Slot(parameters), "name": Slot(Scalar.STRING), **_OF_MODULES})
        self._checking.object(body, wanted, self._inside(statement.value))
        if body.get("params") is None and any(slot.required for slot in parameters.slots.values()):
            what = f"The module {statement.name!r} is given no parameters."
            self._judgement.report(statement.at, what, "Add params with what the module needs.")
        if file.scope != self._judgement.file.scope and body.get("scope") is None:
            what = f"The module deploys to a {file.scope}, this file to a {self._judgement.file.scope}."
            self._judgement.report(statement.at, what, "Add scope: the resource group that it belongs to.")

    def _inside(self, value: Node | None) -> Locals:
        if isinstance(value, If):
            self._symbols.inference.wanted(value.condition, Scalar.BOOL, {})
        return self._symbols.inference.around(value, {}) if isinstance(value, For) else {}

    def _module_file(self, statement: Statement) -> SourceFile | None:
        return self._file(statement, "module")

    def _file(self, statement: Statement, what: str) -> SourceFile | None:
        reference = (statement.label.plain if statement.label else None) or ""
        path = self._judgement.file.relative(reference)
        if path not in self._program.files:
            known = (_reference(self._judgement.path, each) for each in self._program.files)
            todo = did_you_mean(reference, known)
            self._judgement.report(statement.at, f"The file {reference!r} of this {what} is not there.", todo)
        return self._program.files.get(path)

    def _imports(self) -> None:
        for statement in self._judgement.file.tree.of(Keyword.IMPORT):
            self._file(statement, "import")
        for statement, name, local, other in imported(self._program, self._judgement.file):
            exported = (
                {each.name for each in other.declared() if each.decorated("export")} if other else {name}
            )
            if name not in exported:
                self._judgement.unknown(
                    statement.at, f"Nothing called {name!r} is exported there.", name, exported
                )
            elif local not in self._judgement.used:
                self._judgement.report(statement.at, f"The import {local!r} is not used.", "Remove it.")

    def _twice(self) -> None:
        counts = Counter(each.name for each in self._judgement.file.declared())
        counts += Counter(f"output {each.name}" for each in self._judgement.file.tree.of(Keyword.OUTPUT))
        for statement in self._judgement.file.tree.statements:
            outer = f"output {statement.name}" if statement.keyword is Keyword.OUTPUT else statement.name
            if counts[outer] > 1:
                self._judgement.report(
                    statement.at, f"The name {statement.name!r} is declared twice.", "Rename one."
                )

    def _unused(self) -> None:
        for statement in self._judgement.file.declared():
            kept = statement.keyword in {Keyword.RESOURCE, Keyword.MODULE} and not statement.existing
            if kept or statement.decorated("export") or statement.name in self._judgement.used:
                continue
            what = f"The {statement.keyword} {statement.name!r} is not used."
            self._judgement.report(statement.at, what, "Remove it, or use it.")


def _reference(source: Path, target: Path) -> str:
    return (
        str(target.relative_to(source.parent))
        if target.is_relative_to(source.parent)
        else f"../{target.name}"
    )
