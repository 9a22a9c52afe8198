"""The bounds that decorators set, and the values that lie outside of them."""

from dataclasses import dataclass

from local.bicep.judgement import Judgement
from local.bicep.syntax.tree import Array, Call, Literal, Node, Text, Unary

_LEAST = ("minValue", "minLength")
_MOST = ("maxValue", "maxLength")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a number, or the length of a text or an array, may be."""

    least: int | None = None
    most: int | None = None


def bounds_of(decorators: tuple[Call, ...]) -> Bounds | None:
    """The bounds in decorators; None where there are none."""
    values = {call.name: _number(call.arguments[0]) for call in decorators if len(call.arguments) == 1}
    least = next((values[name] for name in _LEAST if name in values), None)
    most = next((values[name] for name in _MOST if name in values), None)
    return None if least is None and most is None else Bounds(least, most)


def check_bounds(judgement: Judgement, node: Node, bounds: Bounds | None) -> None:
    """Reports a value that is written there and lies outside."""
    measured = _measured(node)
    if bounds is None or measured is None:
        return
    if bounds.least is not None and measured < bounds.least:
        judgement.report(
            node.at, f"This is {measured}, and has to be {bounds.least} at least.", "Give it more."
        )
    if bounds.most is not None and measured > bounds.most:
        judgement.report(node.at, f"This is {measured}, and may be {bounds.most} at most.", "Give it less.")


def _measured(node: Node) -> int | None:
    match node:
        case Literal() | Unary():
            return _number(node)
        case Text():
            return None if node.plain is None else len(node.plain)
        case Array(_, items):
            return len(items)
    return None


def _number(node: Node) -> int | None:
    if isinstance(node, Unary) and node.sign == "-":
        inner = _number(node.of)
        return None if inner is None else -inner
    value = node.value if isinstance(node, Literal) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
