"""Judges one resource: its type and version, its parent, and every property."""

from local.bicep.facts.table import KnownType, load_facts
from local.bicep.judgement import Judgement
from local.bicep.shapes.azure import known_type, written_shape
from local.bicep.shapes.checking import Checking
from local.bicep.shapes.inference import Inference, Locals
from local.bicep.shapes.kinds import Record, Scalar, described
from local.bicep.syntax.tree import For, If, Object, Statement, body_of

_OF_EXISTING = ("name", "scope", "parent")


class ResourceRules:
    """Judges resources of a file."""

    def __init__(self, judgement: Judgement, inference: Inference, checking: Checking) -> None:
        self._judgement = judgement
        self._inference = inference
        self._checking = checking

    def judge(self, statement: Statement) -> None:
        """Judges a resource."""
        body, inside = body_of(statement.value), self._inside(statement)
        kind = self._kind(statement)
        if body is None or kind is None:
            self._inference.shape(statement.value, {})
            return
        wanted = written_shape(kind)
        if statement.existing:
            wanted = Record(kind.name, {name: wanted.slots[name] for name in _OF_EXISTING})
        self._checking.object(body, wanted, inside)
        self._parent(statement, kind, body, inside)

    def _inside(self, statement: Statement) -> Locals:
        if isinstance(statement.value, If):
            self._inference.wanted(statement.value.condition, Scalar.BOOL, {})
        return self._inference.around(statement.value, {}) if isinstance(statement.value, For) else {}

    def _kind(self, statement: Statement) -> KnownType | None:
        label = (statement.label.plain if statement.label else None) or ""
        name, _, api = label.partition("@")
        kind = known_type(name)
        if kind is None:
            known = (each.name for each in load_facts().types.values())
            what = f"The resource type {name!r} is not among the facts."
            self._judgement.unknown(statement.at, what, name, known)
        elif kind.name != name:
            self._judgement.report(
                statement.at, f"The resource type is written {kind.name!r}.", "Write it so."
            )
        elif kind.api != api:
            what = f"The facts about {name} are those of version {kind.api}, not {api!r}."
            todo = "Take that version, or add another package to local/bicep/facts/sources.py."
            self._judgement.report(statement.at, what, todo)
        return kind

    def _parent(self, statement: Statement, kind: KnownType, body: Object, inside: Locals) -> None:
        outer = kind.name.rpartition("/")[0]
        parent = body.get("parent")
        if outer.count("/") == 0 or kind.written.startswith("graph."):
            if parent is not None:
                self._judgement.report(parent.at, f"A {kind.name} has no parent.", "Remove it, or use scope.")
            return
        if parent is None:
            what = f"A {kind.name} needs its parent, a {outer}."
            self._judgement.report(statement.at, what, "Add parent: the symbol of that resource.")
            return
        shape = self._inference.shape(parent, inside)
        if not isinstance(shape, Record) or shape.name != outer:
            what = f"The parent has to be a {outer}, not {described(shape)}."
            self._judgement.report(parent.at, what, "Name the resource that it belongs to.")
