"""Parses expressions."""

from local.bicep.findings import Position, SyntaxFault
from local.bicep.syntax.reading import Reading
from local.bicep.syntax.tokens import Kind, Token
from local.bicep.syntax.tree import (
    Array,
    Binary,
    Call,
    For,
    If,
    Index,
    Lambda,
    Literal,
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

_LEVELS = (
    ("??",),
    ("||",),
    ("&&",),
    ("==", "!=", "=~", "!~"),
    ("<=", ">=", "<", ">"),
    ("+", "-"),
    ("*", "/", "%"),
)
_WORDS = {"true": True, "false": False, "null": None}


def expression(reading: Reading) -> Node:
    """An expression, with the ternary, which binds least."""
    condition = _binary(reading, 0)
    if not reading.sees("?"):
        return condition
    at = reading.take().at
    reading.skip_lines()
    yes = expression(reading)
    reading.skip_lines()
    reading.expect(":")
    reading.skip_lines()
    return Ternary(at, condition, yes, expression(reading))


def _binary(reading: Reading, level: int) -> Node:
    if level == len(_LEVELS):
        return _unary(reading)
    left = _binary(reading, level + 1)
    while reading.sees(*_LEVELS[level]):
        sign = reading.take()
        reading.skip_lines()
        left = Binary(sign.at, sign.text, left, _binary(reading, level + 1))
    return left


def _unary(reading: Reading) -> Node:
    if reading.sees("!", "-"):
        sign = reading.take()
        return Unary(sign.at, sign.text, _unary(reading))
    return _postfix(reading, _primary(reading))


def _postfix(reading: Reading, node: Node) -> Node:
    while reading.sees(".", ".?", "::", "[", "!"):
        mark = reading.take()
        if mark.text == "!":
            node = Unary(mark.at, "not null", node)
        elif mark.text == "[":
            safe = reading.accept("?")
            node = Index(mark.at, node, expression(reading), safe)
            reading.expect("]")
        else:
            node = _member(reading, node, safe=mark.text == ".?")
    return node


def _member(reading: Reading, node: Node, *, safe: bool) -> Node:
    at, name = reading.token.at, reading.word()
    if reading.sees("("):
        return Call(at, name, _arguments(reading), node)
    return Member(at, node, name, safe)


def _primary(reading: Reading) -> Node:
    token = reading.token
    if token.kind is Kind.TEXT:
        return text(reading)
    if token.kind is Kind.NUMBER:
        return Literal(reading.take().at, int(token.text))
    if token.kind is Kind.WORD:
        return _word(reading)
    if reading.sees("("):
        return _bracketed(reading)
    if reading.sees("{"):
        return _object(reading)
    if reading.sees("["):
        return _array(reading)
    raise SyntaxFault(token.at, f"Here a value is expected, not {token.text!r}.")


def text(reading: Reading) -> Text:
    """A text, whose inner expressions are parsed as well."""
    token = reading.take()
    if token.kind is not Kind.TEXT:
        raise SyntaxFault(token.at, f"Here a text in single quotes is expected, not {token.text!r}.")
    parts = (part if isinstance(part, str) else _inner(part) for part in token.parts)
    return Text(token.at, tuple(part for part in parts if part != ""))


def _inner(tokens: tuple[Token, ...]) -> Node:
    inner = Reading(tokens)
    node = expression(inner)
    if inner.token.kind is not Kind.END:
        raise SyntaxFault(inner.token.at, f"Here the brace has to close; {inner.token.text!r} is too much.")
    return node


def _word(reading: Reading) -> Node:
    token = reading.take()
    if token.text in _WORDS:
        return Literal(token.at, _WORDS[token.text])
    if reading.sees("("):
        return Call(token.at, token.text, _arguments(reading))
    if reading.sees("=>"):
        return _lambda(reading, (token.text,), token.at)
    return Name(token.at, token.text)


def _arguments(reading: Reading) -> tuple[Node, ...]:
    reading.expect("(")
    arguments: list[Node] = []
    reading.skip_lines()
    while not reading.accept(")"):
        arguments.append(expression(reading))
        reading.separator(")")
    return tuple(arguments)


def _bracketed(reading: Reading) -> Node:
    at = reading.expect("(").at
    names = _lambda_names(reading)
    if names is not None:
        return _lambda(reading, names, at)
    reading.skip_lines()
    node = expression(reading)
    reading.skip_lines()
    reading.expect(")")
    return node


def _lambda_names(reading: Reading) -> tuple[str, ...] | None:
    """The names of `(a, b) =>`; None where a bracket is just a bracket."""
    count = 0
    while reading.ahead(count).kind is Kind.WORD and reading.ahead(count + 1).text in {",", ")"}:
        if reading.ahead(count + 1).text == ")":
            if reading.ahead(count + 2).text != "=>":
                return None
            names = tuple(reading.ahead(each).text for each in range(0, count + 1, 2))
            for _ in range(count + 2):
                reading.take()
            return names
        count += 2
    return None


def _lambda(reading: Reading, names: tuple[str, ...], at: Position) -> Node:
    reading.expect("=>")
    reading.skip_lines()
    return Lambda(at, names, expression(reading))


def _object(reading: Reading) -> Object:
    at = reading.expect("{").at
    items: list[Property | Spread] = []
    reading.skip_lines()
    while not reading.accept("}"):
        items.append(_item(reading))
        reading.separator("}")
    return Object(at, tuple(items))


def _item(reading: Reading) -> Property | Spread:
    at = reading.token.at
    if reading.accept("..."):
        return Spread(at, expression(reading))
    key = property_key(reading)
    reading.expect(":")
    reading.skip_lines()
    return Property(at, key, expression(reading))


def property_key(reading: Reading) -> str | Text:
    """A word, or a text; a text without expressions is the word itself."""
    if reading.token.kind is Kind.WORD:
        return reading.word()
    key = text(reading)
    return key.plain if key.plain is not None else key


def _array(reading: Reading) -> Node:
    at = reading.expect("[").at
    reading.skip_lines()
    if reading.sees_word("for"):
        return _for(reading, at)
    items: list[Node] = []
    while not reading.accept("]"):
        spread = reading.token.at
        items.append(Spread(spread, expression(reading)) if reading.accept("...") else expression(reading))
        reading.separator("]")
    return Array(at, tuple(items))


def _for(reading: Reading, at: Position) -> For:
    reading.expect_word("for")
    index = None
    if reading.accept("("):
        item = reading.word()
        reading.expect(",")
        index = reading.word()
        reading.expect(")")
    else:
        item = reading.word()
    reading.expect_word("in")
    source = expression(reading)
    reading.expect(":")
    reading.skip_lines()
    condition = _condition(reading) if reading.sees_word("if") else None
    body = expression(reading)
    reading.skip_lines()
    reading.expect("]")
    return For(at, item, index, source, body, condition)


def conditional(reading: Reading) -> Node:
    """The value of a resource or a module: an object, `if (…) object`, or a loop."""
    if not reading.sees_word("if"):
        return expression(reading)
    at = reading.token.at
    return If(at, _condition(reading), expression(reading))


def _condition(reading: Reading) -> Node:
    reading.expect_word("if")
    reading.expect("(")
    condition = expression(reading)
    reading.expect(")")
    return condition
