"""The symbols of a file, and their shapes."""

from local.bicep.judgement import Judgement
from local.bicep.program import Program
from local.bicep.shapes.azure import known_type, read_shape
from local.bicep.shapes.declared import DeclaredTypes, imported, interface
from local.bicep.shapes.inference import Inference
from local.bicep.shapes.kinds import ListOf, Maybe, Record, Scalar, Shape, Slot
from local.bicep.syntax.tree import For, If, Keyword, Statement


class Symbols:
    """Knows what a file may refer to by name, and notes what it does refer to."""

    def __init__(self, program: Program, judgement: Judgement) -> None:
        self._program = program
        self._judgement = judgement
        self._statements = {
            each.name: each for each in judgement.file.declared() if each.keyword is not Keyword.TYPE
        }
        self._imported = {local: (name, other) for _, name, local, other in imported(program, judgement.file)}
        self._shapes: dict[str, Shape] = {}
        self.types = DeclaredTypes(program, judgement)
        self.inference = Inference(judgement, self.shape, frozenset((*self._statements, *self._imported)))

    def shape(self, name: str) -> Shape | None:
        """The shape of a symbol, which counts as used from now on; None where nothing has that name."""
        if name not in self._statements:
            return self._shape_from_elsewhere(name)
        self._judgement.used.add(name)
        if name not in self._shapes:
            # Whoever refers to itself, through others or not, finds this.
            self._shapes[name] = Scalar.ANY
            self._shapes[name] = self._shape(self._statements[name])
        return self._shapes[name]

    def _shape_from_elsewhere(self, name: str) -> Shape | None:
        if name not in self._imported:
            return None
        self._judgement.used.add(name)
        there, other = self._imported[name]
        return Symbols(self._program, Judgement(other)).shape(there) if other else Scalar.ANY

    def _shape(self, statement: Statement) -> Shape:
        match statement.keyword:
            case Keyword.PARAM:
                return self.types.parameter(statement).shape
            case Keyword.RESOURCE:
                return _repeated(statement, resource_shape(statement))
            case Keyword.MODULE:
                shape = _repeated(statement, self._module_shape(statement))
                return Maybe(shape) if isinstance(statement.value, If) else shape
        if statement.type is not None:
            return self.types.shape(statement.type)
        return self.inference.shape(statement.value, {})

    def _module_shape(self, statement: Statement) -> Shape:
        reference = statement.label.plain if statement.label else None
        file = self._program.files.get(self._judgement.file.relative(reference or ""))
        if file is None:
            return Scalar.ANY
        outputs = interface(self._program, file).outputs
        return Record("module", {"name": Slot(Scalar.STRING), "outputs": Slot(outputs)})


def resource_shape(statement: Statement) -> Shape:
    """What can be read from a resource; ANY where its type is unknown."""
    name = statement.label.plain if statement.label else None
    kind = known_type((name or "").partition("@")[0])
    return read_shape(kind) if kind else Scalar.ANY


def _repeated(statement: Statement, shape: Shape) -> Shape:
    return ListOf(shape) if isinstance(statement.value, For) else shape
