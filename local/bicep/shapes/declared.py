"""The shapes that files declare: their types, and the parameters and outputs by which modules are used."""

from collections.abc import Iterator
from dataclasses import dataclass

from local.bicep.judgement import Judgement
from local.bicep.program import Program, SourceFile
from local.bicep.shapes.bounds import bounds_of
from local.bicep.shapes.kinds import Choice, ListOf, MapOf, Maybe, Record, Scalar, Shape, Slot
from local.bicep.syntax.tree import (
    Array,
    ArrayType,
    Call,
    ChoiceType,
    Keyword,
    Literal,
    NamedType,
    Node,
    ObjectType,
    OptionalType,
    Statement,
    Text,
)

_NAMED: dict[str, Shape] = {
    "string": Scalar.STRING,
    "int": Scalar.INT,
    "bool": Scalar.BOOL,
    "object": MapOf(Scalar.ANY),
    "array": ListOf(Scalar.ANY),
}


@dataclass(frozen=True, slots=True)
class Interface:
    """What a module takes and gives."""

    parameters: Record
    outputs: Record


def imported(program: Program, file: SourceFile) -> Iterator[tuple[Statement, str, str, SourceFile | None]]:
    """Every imported name: the statement, the name there, the name here, and the file where it is from."""
    for statement in file.tree.of(Keyword.IMPORT):
        reference = statement.label.plain if statement.label else None
        other = program.files.get(file.relative(reference or ""))
        for name, local in statement.imported:
            yield statement, name, local, other


def interface(program: Program, file: SourceFile) -> Interface:
    """The parameters and outputs of a file. Faults in it are found when it is judged itself."""
    types = DeclaredTypes(program, Judgement(file))
    parameters = {each.name: types.parameter(each) for each in file.tree.of(Keyword.PARAM)}
    outputs = {each.name: Slot(types.shape(each.type)) for each in file.tree.of(Keyword.OUTPUT)}
    return Interface(Record(f"parameters of {file.path.name}", parameters), Record("outputs", outputs))


class DeclaredTypes:
    """Turns the types that a file writes into shapes."""

    def __init__(self, program: Program, judgement: Judgement) -> None:
        self._program = program
        self._judgement = judgement
        self._types = {each.name: each for each in judgement.file.tree.of(Keyword.TYPE)}
        self._imported = {local: (name, other) for _, name, local, other in imported(program, judgement.file)}

    def parameter(self, statement: Statement) -> Slot:
        """What a parameter takes, and whether it has to be given."""
        shape = self.shape(statement.type)
        allowed = statement.decorated("allowed")
        if allowed and isinstance(allowed.arguments[0], Array):
            shape = _choice(allowed.arguments[0].items)
        required = statement.value is None and not isinstance(shape, Maybe)
        return Slot(shape, required, bounds=bounds_of(statement.decorators))

    def shape(self, node: Node | None) -> Shape:
        """The shape of a type; ANY where none is written."""
        match node:
            case None:
                return Scalar.ANY
            case NamedType(_, name):
                return self._named(node, name)
            case ArrayType(_, item):
                return ListOf(self.shape(item))
            case OptionalType(_, of):
                return Maybe(self.shape(of))
            case ObjectType():
                return self._object(node)
            case ChoiceType(_, options):
                return _choice(options)
            case Text() | Literal():
                return _choice((node,))
        return Scalar.ANY

    def _object(self, node: ObjectType, name: str = "object") -> Shape:
        others = next((each for each in node.members if each.name == "*"), None)
        if others:
            return MapOf(self.shape(others.type))
        slots: dict[str, Slot] = {}
        for member in node.members:
            if member.name in slots:
                self._judgement.report(
                    member.at, f"The member {member.name!r} stands here twice.", "Remove one."
                )
            shape = self.shape(member.type)
            bounds = bounds_of(member.decorators)
            slots[member.name] = Slot(shape, required=not isinstance(shape, Maybe), bounds=bounds)
        return Record(name, slots)

    def _named(self, node: Node, name: str) -> Shape:
        if name in _NAMED:
            return _NAMED[name]
        self._judgement.used.add(name)
        if name in self._types:
            value = self._types[name].value
            return self._object(value, name) if isinstance(value, ObjectType) else self.shape(value)
        if name in self._imported:
            return self._from_elsewhere(name)
        known = (*_NAMED, *self._types, *self._imported)
        self._judgement.unknown(node.at, f"There is no type {name!r}.", name, known)
        return Scalar.ANY

    def _from_elsewhere(self, name: str) -> Shape:
        there, other = self._imported[name]
        if other is None:
            return Scalar.ANY
        return DeclaredTypes(self._program, Judgement(other)).shape(
            NamedType(self._judgement.file.tree.statements[0].at, there)
        )


def _choice(options: tuple[Node, ...]) -> Shape:
    values = [
        each.plain if isinstance(each, Text) else each.value
        for each in options
        if isinstance(each, Text | Literal)
    ]
    if all(isinstance(value, bool) for value in values):
        return Scalar.BOOL
    chosen = Choice(tuple(value for value in values if isinstance(value, str | int)))
    return Maybe(chosen) if None in values else chosen


def decorator_calls(statement: Statement) -> tuple[Call, ...]:
    """The decorators of a statement and of the members of the type that it declares."""
    members = statement.value.members if isinstance(statement.value, ObjectType) else ()
    return (*statement.decorators, *(call for member in members for call in member.decorators))
