"""Filters parsed by recursive descent: or, and, not, comparisons, functions."""

from collections.abc import Mapping
from typing import Final

from local.emulators.dataverse.errors import DataverseError, query_refused, too_many_conditions
from local.emulators.dataverse.odata.arrays import read_array
from local.emulators.dataverse.odata.expressions import whole_or_not
from local.emulators.dataverse.odata.syntax import (
    Both,
    Comparison,
    Either,
    Filter,
    Lambda,
    Literal,
    LiteralKind,
    Not,
    Operand,
    Operator,
    Path,
    QueryFunction,
    TextTest,
    Truth,
)
from local.emulators.dataverse.odata.tokens import Token, TokenKind, tokenize

TEXT_FUNCTIONS: Final = frozenset({"contains", "startswith", "endswith"})
NAMESPACE: Final = "Microsoft.Dynamics.CRM."
OPERATORS: Final = {operator.value: operator for operator in Operator}
WORDS: Final = {
    "null": Literal(LiteralKind.NULL, None),
    "true": Literal(LiteralKind.BOOLEAN, value=True),
    "false": Literal(LiteralKind.BOOLEAN, value=False),
}
SINGLE_VALUES: Final = ("PropertyValue", "PropertyValue1", "PropertyValue2")
DEEPEST: Final = 100
DEEPEST_LAMBDA: Final = 10  # SQLite takes no more subqueries within each other
MOST_CONDITIONS: Final = 500  # "Query data using FetchXml": conditions in one query


def parse_filter(text: str, aliases: Mapping[str, str]) -> Filter:
    """The tree of a filter; `aliases` holds the texts of @parameters."""
    parser = _Parser(text, aliases)
    tree = parser.disjunction()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        self.text = text
        self.aliases = aliases
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.conditions = 0

    # The grammar, loosest binding first.

    def disjunction(self) -> Filter:
        items = [self.conjunction()]
        while self._word("or"):
            items.append(self.conjunction())
        return Either(tuple(items)) if len(items) > 1 else items[0]

    def conjunction(self) -> Filter:
        items = [self.negation()]
        while self._word("and"):
            items.append(self.negation())
        return Both(tuple(items)) if len(items) > 1 else items[0]

    def negation(self) -> Filter:
        if self._word("not"):
            return Not(self._deeper())
        return self.primary()

    def _deeper(self) -> Filter:
        self.depth += 1
        if self.depth > DEEPEST:
            raise query_refused("Recursion depth exceeded allowed limit.")
        tree = self.negation()
        self.depth -= 1
        return tree

    def primary(self) -> Filter:
        if self._mark("("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise query_refused("Recursion depth exceeded allowed limit.")
            tree = self.disjunction()
            self._require(")")
            self.depth -= 1
            return tree
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise too_many_conditions()
        token = self._peek()
        if token.kind is TokenKind.NAME and self._next_is("("):
            return self._answered(self._call(token))
        left = self._left()
        if isinstance(left, Lambda):
            return self._answered(left)
        operator = self._operator()
        return Comparison(operator, left, self.operand()) if operator else Truth(left)

    def _answered(self, condition: Filter) -> Filter:
        """The condition, or its opposite where it is compared with true or false."""
        operator = self._operator()
        if operator is None:
            return condition
        right = self.operand()
        if not isinstance(right, Literal) or not isinstance(right.value, bool):
            raise query_refused(f"A condition compares with true or false only, in '{self.text}'.")
        return condition if right.value is (operator is Operator.EQ) else Not(condition)

    def _operator(self) -> Operator | None:
        operator = OPERATORS.get(self._peek().text) if self._peek().kind is TokenKind.NAME else None
        self.index += operator is not None
        return operator

    def _call(self, name: Token) -> Filter:
        self.index += 2
        if name.text in TEXT_FUNCTIONS:
            subject = self.operand()
            self._require(",")
            argument = self.operand()
            self._require(")")
            return TextTest(name.text, subject, argument)
        if name.text.startswith(NAMESPACE):
            return self._query_function(name.text.removeprefix(NAMESPACE))
        raise query_refused(f"An unknown function with name '{name.text}' was found.")

    def _query_function(self, name: str) -> Filter:
        arguments: dict[str, Token] = {}
        while not self._mark(")"):
            key = self._take(TokenKind.NAME)
            self._require("=")
            arguments[key.text] = self._value(self._advance())
            self._mark(",")
        property_name = arguments.get("PropertyName")
        if property_name is None:
            raise query_refused(f"The function {name} needs the parameter PropertyName.")
        values = arguments.get("PropertyValues")
        singles = [arguments[key] for key in SINGLE_VALUES if key in arguments]
        found = read_array(values.text) if values else tuple(map(_plain, singles)) if singles else None
        return QueryFunction(name, _plain(property_name), found)

    def _lambda(self, names: list[str], quantifier: str) -> Lambda:
        self._require("(")
        if quantifier == "any" and self._mark(")"):
            return Lambda(tuple(names), every=False, variable="", condition=None)
        variable = self._take(TokenKind.NAME).text
        self._require(":")
        self.depth += 1
        if self.depth > DEEPEST_LAMBDA:
            raise query_refused("Recursion depth exceeded allowed limit.")
        condition = self.disjunction()
        self.depth -= 1
        self._require(")")
        return Lambda(tuple(names), quantifier == "all", variable, condition)

    # Operands.

    def operand(self) -> Operand:
        found = self._left()
        if isinstance(found, Lambda):
            raise query_refused(f"A lambda expression cannot be compared, in '{self.text}'.")
        return found

    def _left(self) -> Operand | Lambda:
        token = self._value(self._advance())
        if token.kind is TokenKind.NAME:
            return WORDS.get(token.text) or self._path(token)
        literal = _literal(token)
        if literal is None:
            raise self._syntax_error(token)
        return literal

    def _value(self, token: Token) -> Token:
        """The token itself, or what its alias stands for; an alias without a value is null."""
        if token.kind is not TokenKind.ALIAS:
            return token
        tokens = tokenize(self.aliases.get(token.text, "null"))
        if len(tokens) != 2:
            raise query_refused(f"The value of the parameter alias '{token.text}' is no literal.")
        return tokens[0]

    def _path(self, first: Token) -> Path | Lambda:
        names = [first.text]
        while self._mark("/"):
            step = self._take(TokenKind.NAME)
            if step.text in {"any", "all"}:
                return self._lambda(names, step.text)
            names.append(step.text)
        return Path(tuple(names))

    # Tokens.

    def expect_end(self) -> None:
        if self._peek().kind is not TokenKind.END:
            raise self._syntax_error(self._peek())

    def _peek(self) -> Token:
        return self.tokens[self.index]

    def _next_is(self, mark: str) -> bool:
        following = self.tokens[self.index + 1]
        return following.kind is TokenKind.MARK and following.text == mark

    def _advance(self) -> Token:
        token = self.tokens[self.index]
        if token.kind is TokenKind.END:
            raise query_refused(f"Expression expected at position {token.position} in '{self.text}'.")
        self.index += 1
        return token

    def _word(self, word: str) -> bool:
        token = self.tokens[self.index]
        if token.kind is TokenKind.NAME and token.text == word:
            self.index += 1
            return True
        return False

    def _mark(self, mark: str) -> bool:
        token = self.tokens[self.index]
        if token.kind is TokenKind.MARK and token.text == mark:
            self.index += 1
            return True
        return False

    def _take(self, kind: TokenKind) -> Token:
        token = self._advance()
        if token.kind is not kind:
            raise self._syntax_error(token)
        return token

    def _require(self, mark: str) -> None:
        if not self._mark(mark):
            position = self._peek().position
            raise query_refused(f"'{mark}' expected at position {position} in '{self.text}'.")

    def _syntax_error(self, token: Token) -> DataverseError:
        return query_refused(f"Syntax error at position {token.position} in '{self.text}'.")


def _literal(token: Token) -> Literal | None:
    if token.kind is TokenKind.STRING:
        return Literal(LiteralKind.STRING, token.text[1:-1].replace("''", "'"))
    if token.kind is TokenKind.NUMBER:
        return Literal(LiteralKind.NUMBER, _number(token.text))
    if token.kind is TokenKind.GUID:
        return Literal(LiteralKind.GUID, token.text.strip("{}").lower())
    if token.kind is TokenKind.DATE:
        return Literal(LiteralKind.DATE, token.text)
    if token.kind is TokenKind.MOMENT:
        return Literal(LiteralKind.MOMENT, token.text)
    return None


def _number(text: str) -> float:
    plain = text.rstrip("mMdDfFlL")
    return whole_or_not(plain)


def _plain(token: Token) -> str:
    literal = _literal(token)
    return token.text if literal is None else str(literal.value)
