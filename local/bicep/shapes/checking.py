"""Compares an expression with the shape that its place wants, as deep as both go."""

from local.bicep.findings import Position
from local.bicep.judgement import Judgement
from local.bicep.shapes.azure import opened
from local.bicep.shapes.bounds import check_bounds
from local.bicep.shapes.inference import Inference, Locals
from local.bicep.shapes.kinds import (
    Choice,
    ListOf,
    MapOf,
    Maybe,
    ModelOf,
    Record,
    Scalar,
    Shape,
    Slot,
    described,
    fits,
)
from local.bicep.syntax.tree import Array, Call, For, Literal, Node, Object, Property, Spread, Ternary, Text


class Checking:
    """Reports what does not fit its place."""

    def __init__(self, judgement: Judgement, inference: Inference) -> None:
        self._judgement = judgement
        self._inference = inference

    def check(self, node: Node, wanted: Shape, inside: Locals) -> None:
        """Reports where the expression is not what is wanted."""
        if isinstance(node, Ternary):
            self._inference.wanted(node.condition, Scalar.BOOL, inside)
            self.check(node.yes, wanted, inside)
            self.check(node.no, wanted, inside)
        elif not (isinstance(wanted, Maybe) and isinstance(node, Literal) and node.value is None):
            self._check(node, _plain(wanted), inside)

    def _check(self, node: Node, wanted: Shape, inside: Locals) -> None:
        match node, wanted:
            case Object(), Record():
                self.object(node, wanted, inside)
            case Object(), MapOf(value):
                for item in node.items:
                    self._map_item(item, value, inside)
            case Array(), ListOf(item):
                for each in node.items:
                    shape = wanted if isinstance(each, Spread) else item
                    self.check(each.of if isinstance(each, Spread) else each, shape, inside)
            case For(), ListOf(item):
                self.check(node.body, item, self._inference.around(node, inside))
            case Call(name="union"), Record() | MapOf():
                self._union(node, wanted, inside)
            case _:
                self._other(node, wanted, inside)

    def object(self, node: Object, wanted: Record, inside: Locals, *, whole: bool = True) -> None:
        """Reports an object's unknown, read-only and missing properties, and what is wrong below them."""
        wanted = self._variant(node, wanted)
        given: set[str] = set()
        spread = False
        for item in node.items:
            if isinstance(item, Spread):
                spread = True
                self._inference.shape(item.of, inside)
            elif isinstance(item.key, str):
                self._property(item, item.key, wanted, inside)
                if item.key in given:
                    self._judgement.report(
                        item.at, f"The property {item.key!r} stands here twice.", "Remove one."
                    )
                given.add(item.key)
            else:
                self._inference.shape(item.key, inside)
                self._inference.shape(item.value, inside)
        if whole and not spread:
            self._missing(node.at, wanted, given)

    def _property(self, item: Property, key: str, wanted: Record, inside: Locals) -> None:
        slot = wanted.slots.get(key) or wanted.slots.get("*")
        if slot is None:
            self._unknown(item.at, wanted, key)
            self._inference.shape(item.value, inside)
            return
        if slot.readonly:
            self._read_only(item.at, wanted, key)
        check_bounds(self._judgement, item.value, slot.bounds)
        # Null says of what may be left out that it is left out.
        self.check(item.value, slot.shape if slot.required else Maybe(slot.shape), inside)

    def _unknown(self, at: Position, wanted: Record, key: str) -> None:
        writable = [name for name, slot in wanted.slots.items() if not slot.readonly]
        self._judgement.unknown(at, f"{described(wanted)} has no property {key!r}.", key, writable)

    def _read_only(self, at: Position, wanted: Record, key: str) -> None:
        self._judgement.report(
            at,
            f"The property {key!r} of {described(wanted)} is Azure's to set.",
            "Remove it: it can only be read.",
        )

    def _missing(self, at: Position, wanted: Record, given: set[str]) -> None:
        for name, slot in wanted.slots.items():
            if slot.required and not slot.readonly and name not in given:
                what = f"{described(wanted)} needs {name!r}, which is missing."
                self._judgement.report(at, what, f"Add {name}: {described(slot.shape)}.")

    def _variant(self, node: Object, wanted: Record) -> Record:
        value = node.get(wanted.told_by) if wanted.told_by else None
        chosen = (value.plain or "") if isinstance(value, Text) else ""
        if chosen not in wanted.variants:
            return wanted
        variant = _plain(wanted.variants[chosen])
        return variant if isinstance(variant, Record) else wanted

    def _map_item(self, item: Property | Spread, value: Shape, inside: Locals) -> None:
        if isinstance(item, Spread):
            self._inference.shape(item.of, inside)
            return
        if isinstance(item.key, Text):
            self._inference.shape(item.key, inside)
        self.check(item.value, value, inside)

    def _union(self, node: Call, wanted: Record | MapOf, inside: Locals) -> None:
        """Each part may have what the whole has; the whole has what is required."""
        for argument in node.arguments:
            if isinstance(argument, Object) and isinstance(wanted, Record):
                self.object(argument, wanted, inside, whole=False)
        self._compare(node.at, self._inference.shape(node, inside), wanted)

    def _other(self, node: Node, wanted: Shape, inside: Locals) -> None:
        given = self._inference.shape(node, inside)
        if isinstance(given, Choice) and isinstance(wanted, Choice) and not fits(given, wanted):
            self._choice(node, given, wanted)
        elif not fits(given, wanted):
            what = f"Here {described(wanted)} is wanted, not {described(given)}."
            self._judgement.report(node.at, what, "Give it a value of that type.")
        else:
            self._compare(node.at, given, wanted)

    def _choice(self, node: Node, given: Choice, wanted: Choice) -> None:
        wrong = next(str(value) for value in given.values if value not in wanted.values)
        self._judgement.unknown(
            node.at, f"{wrong!r} is not allowed here.", wrong, (str(value) for value in wanted.values)
        )

    def _compare(self, at: Position, given: Shape, wanted: Shape) -> None:
        given, wanted = _plain(given), _plain(wanted)
        match given, wanted:
            case Record(), Record():
                self._compare_records(at, given, wanted)
            case ListOf(one), ListOf(other):
                self._compare(at, one, other)
            case Record(_, slots), MapOf(value):
                for name, slot in slots.items():
                    self._compare_slot(at, name, slot, Slot(value))
            case _:
                if not fits(given, wanted):
                    what = f"Here {described(wanted)} is wanted, not {described(given)}."
                    self._judgement.report(at, what, "Give it a value of that type.")

    def _compare_records(self, at: Position, given: Record, wanted: Record) -> None:
        if given.name == wanted.name and given.name not in {"object", "union", "item"}:
            return
        for name, slot in given.slots.items():
            place = wanted.slots.get(name) or wanted.slots.get("*")
            if place is None:
                self._unknown(at, wanted, name)
            else:
                self._compare_slot(at, name, slot, place)
        self._missing(
            at,
            wanted,
            {name for name, slot in given.slots.items() if slot.required or given.name != "object"},
        )

    def _compare_slot(self, at: Position, name: str, given: Slot, wanted: Slot) -> None:
        if wanted.readonly:
            self._judgement.report(
                at, f"The property {name!r} is Azure's to set.", "Remove it: it can only be read."
            )
        elif not fits(given.shape, wanted.shape):
            what = f"The property {name!r} has to be {described(wanted.shape)}, not {described(given.shape)}."
            self._judgement.report(at, what, "Give it a value of that type.")
        else:
            self._compare(at, given.shape, wanted.shape)


def _plain(shape: Shape) -> Shape:
    if isinstance(shape, Maybe):
        return _plain(shape.of)
    return opened(shape) if isinstance(shape, ModelOf) else shape
