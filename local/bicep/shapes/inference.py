"""Finds the shape of an expression, and the references in it that lead nowhere."""

from collections.abc import Callable, Mapping

from local.bicep.judgement import Judgement
from local.bicep.shapes.functions import FUNCTIONS
from local.bicep.shapes.kinds import (
    Choice,
    ListOf,
    MapOf,
    Maybe,
    Record,
    Scalar,
    Shape,
    Slot,
    described,
    fits,
    joined,
    joined_all,
)
from local.bicep.shapes.members import item_of, property_of
from local.bicep.syntax.tree import (
    Array,
    Binary,
    Call,
    For,
    If,
    Index,
    Lambda,
    Literal,
    LiteralValue,
    Member,
    Name,
    Node,
    Object,
    Property,
    Spread,
    Ternary,
    Text,
    Unary,
)

Locals = Mapping[str, Shape]
_ARITHMETIC = {"+", "-", "*", "/", "%"}
_ABOUT_ITEMS = {"map", "filter", "sort", "toObject"}


class Inference:
    """Knows the shapes of a file's symbols, and from them those of its expressions."""

    def __init__(
        self, judgement: Judgement, symbol: Callable[[str], Shape | None], names: frozenset[str]
    ) -> None:
        self._judgement = judgement
        self._symbol = symbol
        self._names = names

    def shape(self, node: Node | None, inside: Locals) -> Shape:
        """The shape of an expression; `inside` are the names of loops and lambdas around it."""
        match node:
            case Literal(_, value):
                return _literal(value)
            case Text():
                return self._text(node, inside)
            case Name():
                return self._name(node, inside)
            case Member():
                return self.member(node, inside)
            case Index():
                of, key = self.shape(node.of, inside), self.shape(node.key, inside)
                return item_of(self._judgement, node, of, key)
            case Call():
                return self._call(node, inside)
            case Unary():
                return self._unary(node, inside)
            case Binary():
                return self._binary(node, inside)
            case _:
                return self._composed(node, inside)

    def _composed(self, node: Node | None, inside: Locals) -> Shape:
        match node:
            case Ternary():
                self.wanted(node.condition, Scalar.BOOL, inside)
                return joined(self.shape(node.yes, inside), self.shape(node.no, inside))
            case Object():
                return self._object(node, inside)
            case Array():
                return ListOf(joined_all([self._array_item(item, inside) for item in node.items]))
            case For():
                return ListOf(self.shape(node.body, self.around(node, inside)))
            case If():
                self.wanted(node.condition, Scalar.BOOL, inside)
                return self.shape(node.body, inside)
            case Lambda():
                return self.shape(node.body, {**inside, **dict.fromkeys(node.names, Scalar.ANY)})
        return Scalar.ANY

    def around(self, loop: For, inside: Locals) -> dict[str, Shape]:
        """The names inside a loop."""
        source = self.shape(loop.source, inside)
        item = source.item if isinstance(source, ListOf) else Scalar.ANY
        if not isinstance(source, ListOf) and source is not Scalar.ANY:
            self._judgement.report(
                loop.at,
                f"A loop goes over an array, not over {described(source)}.",
                "Give it an array, or items(…) of an object.",
            )
        within = {**inside, loop.item: item}
        if loop.index:
            within[loop.index] = Scalar.INT
        if loop.condition:
            self.wanted(loop.condition, Scalar.BOOL, within)
        return within

    def wanted(self, node: Node, shape: Shape, inside: Locals) -> None:
        """Reports an expression that does not give a value of that shape."""
        given = self.shape(node, inside)
        if not fits(given, shape):
            self._judgement.report(
                node.at,
                f"Here {described(shape)} is wanted, not {described(given)}.",
                "Give it a value of that type.",
            )

    def _text(self, node: Text, inside: Locals) -> Shape:
        for part in node.parts:
            if isinstance(part, Node):
                given = self.shape(part, inside)
                if isinstance(given, Maybe):
                    self._judgement.report(
                        part.at, "This may be null inside a text.", "Give it another value by ??."
                    )
        return Scalar.STRING if node.plain is None else Choice((node.plain,))

    def _name(self, node: Name, inside: Locals) -> Shape:
        if node.name in inside:
            return inside[node.name]
        shape = self._symbol(node.name)
        if shape is None:
            self._judgement.unknown(
                node.at, f"Nothing is called {node.name!r} here.", node.name, (*self._names, *inside)
            )
            return Scalar.ANY
        return shape

    def member(self, node: Member, inside: Locals) -> Shape:
        """The shape of a property that is read."""
        of = self.shape(node.of, inside)
        if isinstance(of, Maybe):
            if not node.safe:
                self._judgement.report(
                    node.at,
                    f"What {node.name!r} is read from may be null.",
                    "Write .? or, where it cannot be, ! before the dot.",
                )
            found = property_of(self._judgement, node, of.of)
            return found if isinstance(found, Maybe) or found is Scalar.ANY or not node.safe else Maybe(found)
        return property_of(self._judgement, node, of)

    def _call(self, node: Call, inside: Locals) -> Shape:
        if node.of is not None:
            self.shape(node.of, inside)
            return Scalar.ANY
        function = FUNCTIONS.get(node.name)
        if function is None:
            self._judgement.unknown(node.at, f"There is no function {node.name!r}.", node.name, FUNCTIONS)
            return Scalar.ANY
        count = len(node.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            what = f"{node.name} takes {function.least} to {function.most or 'any number of'} arguments."
            self._judgement.report(node.at, what, "Give it as many as it takes.")
            return Scalar.ANY
        return function.result(self._arguments(node, inside))

    def _arguments(self, node: Call, inside: Locals) -> list[Shape]:
        first = self.shape(node.arguments[0], inside) if node.arguments else Scalar.ANY
        shapes: list[Shape] = [first] if node.arguments else []
        for argument in node.arguments[1:]:
            within = dict(inside)
            if isinstance(argument, Lambda) and node.name in _ABOUT_ITEMS:
                item = first.item if isinstance(first, ListOf) else Scalar.ANY
                shapes.append(self.shape(argument.body, {**within, **dict.fromkeys(argument.names, item)}))
            else:
                shapes.append(self.shape(argument, within))
        return shapes

    def _unary(self, node: Unary, inside: Locals) -> Shape:
        of = self.shape(node.of, inside)
        if node.sign == "not null":
            return of.of if isinstance(of, Maybe) else of
        self.wanted(node.of, Scalar.BOOL if node.sign == "!" else Scalar.INT, inside)
        return Scalar.BOOL if node.sign == "!" else Scalar.INT

    def _binary(self, node: Binary, inside: Locals) -> Shape:
        if node.sign == "??":
            left = self.shape(node.left, inside)
            return joined(left.of if isinstance(left, Maybe) else left, self.shape(node.right, inside))
        if node.sign in {"&&", "||"} | _ARITHMETIC:
            shape = Scalar.INT if node.sign in _ARITHMETIC else Scalar.BOOL
            self.wanted(node.left, shape, inside)
            self.wanted(node.right, shape, inside)
            return shape
        left, right = self.shape(node.left, inside), self.shape(node.right, inside)
        if node.sign in {"==", "!="} and not _comparable(left, right):
            what = f"{described(left)} never equals {described(right)}."
            self._judgement.report(node.at, what, "Compare with a value that it may have.")
        return Scalar.BOOL

    def _object(self, node: Object, inside: Locals) -> Shape:
        slots: dict[str, Slot] = {}
        open_keys = False
        for item in node.items:
            shape = self.shape(item.of if isinstance(item, Spread) else item.value, inside)
            if isinstance(item, Property) and isinstance(item.key, str):
                slots[item.key] = Slot(shape, required=True)
            elif isinstance(item, Spread) and isinstance(shape, Record):
                slots.update(shape.slots)
            else:
                open_keys = True
                if isinstance(item, Property):
                    self.shape(item.key if isinstance(item.key, Node) else None, inside)
        return MapOf(Scalar.ANY) if open_keys else Record("object", slots)

    def _array_item(self, item: Node, inside: Locals) -> Shape:
        if isinstance(item, Spread):
            spread = self.shape(item.of, inside)
            return spread.item if isinstance(spread, ListOf) else Scalar.ANY
        return self.shape(item, inside)


def _literal(value: LiteralValue) -> Shape:
    if value is None:
        return Scalar.NULL
    return Scalar.BOOL if isinstance(value, bool) else Choice((value,))


def _comparable(left: Shape, right: Shape) -> bool:
    if isinstance(left, Choice) and isinstance(right, Choice):
        return left.open or right.open or bool(set(left.values) & set(right.values))
    return fits(left, right) or fits(right, left) or Scalar.NULL in (left, right)
