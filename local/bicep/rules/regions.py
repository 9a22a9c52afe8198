"""Judges a file of parameters: it gives every parameter that has no default, and no other."""

from local.bicep.judgement import Judgement
from local.bicep.program import Program, SourceFile
from local.bicep.shapes.bounds import check_bounds
from local.bicep.shapes.checking import Checking
from local.bicep.shapes.declared import interface
from local.bicep.shapes.symbols import Symbols
from local.bicep.syntax.tree import Keyword


def judge_parameters(program: Program, judgement: Judgement) -> None:
    """Judges one file of parameters."""
    file = judgement.file
    template = template_of(program, file)
    if template is None:
        at = file.tree.statements[0].at
        judgement.report(
            at, "The template of this file of parameters is not there.", "Name it: using '../main.bicep'."
        )
        return
    wanted = interface(program, template).parameters
    symbols = Symbols(program, judgement)
    checking = Checking(judgement, symbols.inference)
    given: set[str] = set()
    for statement in file.tree.of(Keyword.PARAM):
        given.add(statement.name)
        if statement.name not in wanted.slots:
            what = f"{template.path.name} has no parameter {statement.name!r}."
            judgement.unknown(statement.at, what, statement.name, wanted.slots)
        elif statement.value is not None:
            check_bounds(judgement, statement.value, wanted.slots[statement.name].bounds)
            checking.check(statement.value, wanted.slots[statement.name].shape, {})
    for statement in file.tree.of(Keyword.VAR):
        checking.check(statement.value, symbols.types.shape(statement.type), {}) if statement.value else None
    for name, slot in wanted.slots.items():
        if slot.required and name not in given:
            at = file.tree.statements[0].at
            judgement.report(
                at, f"The parameter {name!r} has no default and is not given.", f"Add param {name} = …."
            )


def template_of(program: Program, file: SourceFile) -> SourceFile | None:
    """The template that a file of parameters is for."""
    for statement in file.tree.of(Keyword.USING):
        if statement.label and statement.label.plain:
            return program.files.get(file.relative(statement.label.plain))
    return None
