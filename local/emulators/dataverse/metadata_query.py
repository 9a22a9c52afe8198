"""$select, $filter and $expand of a metadata request, read into values that choose and cut rows."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from local.emulators.dataverse.metadata_errors import property_missing, refused
from local.emulators.dataverse.metadata_parts import Json

Predicate = Callable[[Json], bool]

TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<enum>(?:\w+\.)+(?P<kind>\w+)'(?P<member>(?:[^']|'')*)')"
    r"|'(?P<text>(?:[^']|'')*)'|(?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])|(?P<word>[@\w/]+))"
)
ENUM_PROPERTIES = {
    "AttributeType": "AttributeTypeCode",
    "RequiredLevel/Value": "AttributeRequiredLevel",
    "OwnershipType": "OwnershipTypes",
}
COMPARISONS: dict[str, Callable[[object, object], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": lambda left, right: _ordered(left, right, operator.gt),
    "ge": lambda left, right: _ordered(left, right, operator.ge),
    "lt": lambda left, right: _ordered(left, right, operator.lt),
    "le": lambda left, right: _ordered(left, right, operator.le),
}
SUPPORTED = frozenset({"$select", "$filter", "$expand", "$count"})


@dataclass(frozen=True, slots=True)
class Shape:
    """What to keep of each row: `select` None means everything, `expand` names what to open."""

    select: tuple[str, ...] | None = None
    where: str | None = None
    expand: Mapping[str, "Shape"] = field(default_factory=dict)
    count: bool = False

    @property
    def context(self) -> str:
        """The part of @odata.context that tells the selection, in parentheses; empty for everything."""
        names = list(self.select or ())
        names += [name + shape.context for name, shape in self.expand.items()]
        return f"({','.join(names)})" if names else ""


def read_shape(query: Mapping[str, str]) -> Shape:
    """The shape that the query options ask for; options that metadata does not support are refused."""
    for option in query:
        if option.startswith("$") and option not in SUPPORTED:
            raise refused(f"The query parameter {option} is not supported")
    names = [name.strip() for name in query.get("$select", "").split(",") if name.strip()]
    return Shape(
        select=tuple(names) or None,
        where=query.get("$filter"),
        expand=dict(_expansions(query.get("$expand", ""))),
        count=query.get("$count") == "true",
    )


def keep(row: Json, shape: Shape, kind: str) -> Json:
    """The row cut to the selection; MetadataId and annotations stay, an unknown name is refused."""
    if shape.select is None:
        return row
    for name in shape.select:
        if name not in row:
            raise property_missing(name, kind)
    kept = {*shape.select, "MetadataId", "@odata.type"}
    return {name: value for name, value in row.items() if name in kept}


def predicate(where: str | None, kind: str) -> Predicate:
    """Whether a row fits the filter; `kind` names the rows' type in errors."""
    if where is None:
        return lambda _row: True
    return _Filter(where, kind).whole()


def _expansions(text: str) -> Iterator[tuple[str, Shape]]:
    for part in split_outside(text, ","):
        match = re.fullmatch(r"\s*([\w.]+)\s*(?:\((.*)\))?\s*", part, re.DOTALL)
        if match is None:
            raise refused(f"Term '{part}' is not valid in a $select or $expand expression.")
        options = dict(option.strip().partition("=")[::2] for option in split_outside(match[2] or "", ";"))
        yield match[1], read_shape(options)


def split_outside(text: str, separator: str) -> list[str]:
    """The parts between separators that stand in no parentheses and no quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, letter in enumerate(text):
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == separator and depth == 0 and not quoted:
            parts.append(text[start:position])
            start = position + 1
    return [part for part in [*parts, text[start:]] if part.strip()]


def _ordered(left: object, right: object, compare: Callable[[float, float], bool]) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float) and compare(left, right)


@dataclass(frozen=True, slots=True)
class _Literal:
    value: object
    enum: str | None = None


class _Filter:
    """A reader of one filter: or, and, not, parentheses and comparisons, by recursive descent."""

    def __init__(self, text: str, kind: str) -> None:
        self._text = text
        self._kind = kind
        self._tokens = self._split(text)
        self._position = 0

    def whole(self) -> Predicate:
        found = self._either()
        if self._position < len(self._tokens):
            raise self._error()
        return found

    def _split(self, text: str) -> list[re.Match[str]]:
        tokens, end = [], 0
        while text[end:].strip():
            match = TOKEN.match(text, end)
            if match is None:
                raise refused(f"Syntax error at position {end} in '{text}'.")
            tokens.append(match)
            end = match.end()
        return tokens

    def _either(self) -> Predicate:
        parts = [self._both()]
        while self._take("word", "or"):
            parts.append(self._both())
        return lambda row: any(part(row) for part in parts)

    def _both(self) -> Predicate:
        parts = [self._one()]
        while self._take("word", "and"):
            parts.append(self._one())
        return lambda row: all(part(row) for part in parts)

    def _one(self) -> Predicate:
        if self._take("word", "not"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._take("paren", "("):
            inner = self._either()
            if not self._take("paren", ")"):
                raise self._error()
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        path = self._next()["word"]
        if path is None:
            raise self._error()
        if not self._at("word", *COMPARISONS):
            return lambda row: self._value(row, path) is True
        compare = COMPARISONS[self._next()["word"]]
        literal = self._literal()
        self._check_types(path, literal)
        return lambda row: compare(self._value(row, path), literal.value)

    def _literal(self) -> _Literal:
        token = self._next()
        if token["enum"]:
            return _Literal(token["member"], token["kind"])
        if token["text"] is not None:
            return _Literal(token["text"].replace("''", "'"), "Edm.String")
        if token["number"]:
            return _Literal(float(token["number"]))
        if token["guid"]:
            return _Literal(token["guid"].lower())
        if token["word"] in {"true", "false", "null"}:
            return _Literal({"true": True, "false": False, "null": None}[token["word"]])
        raise self._error()

    def _check_types(self, path: str, literal: _Literal) -> None:
        expected = ENUM_PROPERTIES.get(path)
        # A member's name without its type is taken too: Microsoft's Python SDK asks so ("sql_columns").
        if expected is None or literal.enum in {expected, "Edm.String", None}:
            return
        raise refused(
            "A binary operator with incompatible types was detected. Found operand types "
            f"'Microsoft.Dynamics.CRM.{expected}' and '{literal.enum}' for operator kind 'Equal'."
        )

    def _value(self, row: Json, path: str) -> object:
        value: object = row
        for name in path.split("/"):
            if not isinstance(value, dict) or name not in value:
                raise property_missing(name, self._kind)
            value = value[name]
        return value

    def _next(self) -> re.Match[str]:
        if self._position >= len(self._tokens):
            raise self._error()
        self._position += 1
        return self._tokens[self._position - 1]

    def _at(self, kind: str, *texts: str) -> bool:
        return self._position < len(self._tokens) and self._tokens[self._position][kind] in texts

    def _take(self, kind: str, text: str) -> bool:
        found = self._at(kind, text)
        self._position += found
        return found

    def _error(self) -> Exception:
        return refused(
            f"Syntax error in '{self._text}': a comparison such as LogicalName eq 'name' is missing."
        )
