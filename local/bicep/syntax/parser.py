"""Parses a Bicep file, or a file of parameters, into its tree."""

from dataclasses import replace

from local.bicep.findings import SyntaxFault
from local.bicep.syntax.expressions import conditional, expression, property_key, text
from local.bicep.syntax.reading import Reading
from local.bicep.syntax.tokens import Kind, tokens_of
from local.bicep.syntax.tree import (
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
    Tree,
    TypeMember,
)

_KEYWORDS = frozenset(Keyword)


def parse(source: str) -> Tree:
    """The tree of a file's text. SyntaxFault at the first place that cannot be read."""
    reading = Reading(tokens_of(source))
    statements: list[Statement] = []
    reading.skip_lines()
    while reading.token.kind is not Kind.END:
        statements.append(_statement(reading))
        reading.end_of_statement()
    return Tree(tuple(statements))


def _statement(reading: Reading) -> Statement:
    decorators = _decorators(reading)
    at, word = reading.token.at, reading.word()
    if word not in _KEYWORDS:
        raise SyntaxFault(at, f"No statement begins with {word!r}.")
    keyword = Keyword(word)
    if keyword is Keyword.SCOPE:
        reading.expect("=")
        return Statement(at, keyword, "", value=expression(reading))
    if keyword is Keyword.USING:
        return Statement(at, keyword, "", label=text(reading))
    if keyword is Keyword.IMPORT:
        return _import(reading)
    at, name = reading.token.at, reading.word()
    if keyword is Keyword.EXTENSION:
        return Statement(at, keyword, name)
    if keyword in {Keyword.RESOURCE, Keyword.MODULE}:
        return _resource(reading, Statement(at, keyword, name, decorators=decorators))
    kind = None if reading.sees("=") or reading.token.kind is Kind.NEWLINE else _type(reading)
    value = None
    if reading.accept("="):
        value = _type(reading) if keyword is Keyword.TYPE else expression(reading)
    return Statement(at, keyword, name, type=kind, value=value, decorators=decorators)


def _decorators(reading: Reading) -> tuple[Call, ...]:
    decorators: list[Call] = []
    while reading.accept("@"):
        call = expression(reading)
        if not isinstance(call, Call):
            raise SyntaxFault(call.at, "A decorator is called: its name, then brackets.")
        decorators.append(call)
        reading.skip_lines()
    return tuple(decorators)


def _import(reading: Reading) -> Statement:
    at = reading.expect("{").at
    names: list[tuple[str, str]] = []
    reading.skip_lines()
    while not reading.accept("}"):
        name = local = reading.word()
        if reading.sees_word("as"):
            reading.take()
            local = reading.word()
        names.append((name, local))
        reading.separator("}")
    reading.expect_word("from")
    return Statement(at, Keyword.IMPORT, "", label=text(reading), imported=tuple(names))


def _resource(reading: Reading, begun: Statement) -> Statement:
    label = text(reading)
    existing = reading.sees_word("existing")
    if existing:
        reading.take()
    reading.expect("=")
    value = conditional(reading)
    return replace(begun, label=label, value=value, existing=existing)


def _type(reading: Reading) -> Node:
    at = reading.token.at
    reading.accept("|")
    options = [_suffixed_type(reading)]
    while reading.accept("|"):
        options.append(_suffixed_type(reading))
    return options[0] if len(options) == 1 else ChoiceType(at, tuple(options))


def _suffixed_type(reading: Reading) -> Node:
    kind = _plain_type(reading)
    while reading.sees("[", "?"):
        at = reading.token.at
        if reading.accept("["):
            reading.expect("]")
            kind = ArrayType(at, kind)
        else:
            reading.expect("?")
            kind = OptionalType(at, kind)
    return kind


def _plain_type(reading: Reading) -> Node:
    at = reading.token.at
    if reading.sees("{"):
        return _object_type(reading)
    if reading.accept("("):
        kind = _type(reading)
        reading.expect(")")
        return kind
    if reading.token.kind in {Kind.TEXT, Kind.NUMBER} or reading.sees_word("true", "false", "null"):
        return _literal(reading)
    return NamedType(at, reading.word())


def _literal(reading: Reading) -> Node:
    if reading.token.kind is Kind.TEXT:
        return text(reading)
    token = reading.take()
    if token.kind is Kind.NUMBER:
        return Literal(token.at, int(token.text))
    return Literal(token.at, {"true": True, "false": False, "null": None}[token.text])


def _object_type(reading: Reading) -> ObjectType:
    at = reading.expect("{").at
    members: list[TypeMember] = []
    reading.skip_lines()
    while not reading.accept("}"):
        decorators = _decorators(reading)
        start = reading.token.at
        key = "*" if reading.accept("*") else property_key(reading)
        reading.expect(":")
        members.append(TypeMember(start, str(key), _type(reading), decorators))
        reading.separator("}")
    return ObjectType(at, tuple(members))
