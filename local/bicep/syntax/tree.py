"""The syntax tree of a Bicep file: its statements, types and expressions."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from local.bicep.findings import Position


@dataclass(frozen=True, slots=True)
class Node:
    """Anything in the tree, and where it begins."""

    at: Position


# Expressions

LiteralValue = int | bool | None


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, true, false or null."""

    value: LiteralValue


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A text: literal pieces, and the expressions between them."""

    parts: tuple["str | Node", ...]

    @property
    def plain(self) -> str | None:
        """The text itself where no expression is in it."""
        if all(isinstance(part, str) for part in self.parts):
            return "".join(str(part) for part in self.parts)
        return None


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A symbol that is used."""

    name: str


@dataclass(frozen=True, slots=True)
class Member(Node):
    """`of.name`, `of.?name` (safe) or `of::name`."""

    of: Node
    name: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`of[key]` or `of[?key]`."""

    of: Node
    key: Node
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function that is called; `of` is what stands before the dot."""

    name: str
    arguments: tuple[Node, ...]
    of: Node | None = None


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`!x`, `-x`, or `x!`, which promises that x is not null (sign is then `not null`)."""

    sign: str
    of: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two operands around a sign."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`(a, b) => body`."""

    names: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Spread(Node):
    """`...of`, in an object or an array."""

    of: Node


@dataclass(frozen=True, slots=True)
class Property(Node):
    """`key: value` of an object. A key may be a text with expressions in it."""

    key: "str | Text"
    value: Node


@dataclass(frozen=True, slots=True)
class Object(Node):
    """An object."""

    items: tuple["Property | Spread", ...]

    def get(self, key: str) -> Node | None:
        """The value of a property; None where it does not stand here."""
        return next(
            (item.value for item in self.items if isinstance(item, Property) and item.key == key), None
        )


@dataclass(frozen=True, slots=True)
class Array(Node):
    """An array."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class For(Node):
    """`[for item in source: body]`; `condition` is the `if` before the body of a resource."""

    item: str
    index: str | None
    source: Node
    body: Node
    condition: Node | None = None


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if (condition) body` of a resource or a module."""

    condition: Node
    body: Node


# Types


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """`string`, `int`, or a type that a file declares."""

    name: str


@dataclass(frozen=True, slots=True)
class ChoiceType(Node):
    """`'a' | 'b'`."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayType(Node):
    """`item[]`."""

    item: Node


@dataclass(frozen=True, slots=True)
class OptionalType(Node):
    """`of?`."""

    of: Node


@dataclass(frozen=True, slots=True)
class TypeMember(Node):
    """`name: type` of an object type; the name `*` stands for any."""

    name: str
    type: Node
    decorators: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class ObjectType(Node):
    """`{ name: type }`."""

    members: tuple[TypeMember, ...]


# Statements


class Keyword(StrEnum):
    """What a statement declares."""

    SCOPE = "targetScope"
    METADATA = "metadata"
    EXTENSION = "extension"
    USING = "using"
    IMPORT = "import"
    PARAM = "param"
    VAR = "var"
    TYPE = "type"
    RESOURCE = "resource"
    MODULE = "module"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """A statement. `label` is the quoted part (a type of resources, a file), `type` stands before `=`."""

    keyword: Keyword
    name: str
    label: Text | None = None
    type: Node | None = None
    value: Node | None = None
    decorators: tuple[Call, ...] = ()
    existing: bool = False
    imported: tuple[tuple[str, str], ...] = ()

    def decorated(self, name: str) -> Call | None:
        """The decorator of that name."""
        return next((each for each in self.decorators if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Tree:
    """A file."""

    statements: tuple[Statement, ...]

    def of(self, keyword: Keyword) -> Iterator[Statement]:
        """The statements that begin with that word."""
        return (each for each in self.statements if each.keyword is keyword)


def walk(node: object) -> Iterator[Node]:
    """The node and everything below it."""
    if isinstance(node, tuple):
        for each in node:
            yield from walk(each)
    if isinstance(node, Node):
        yield node
        for each in fields(node):
            yield from walk(getattr(node, each.name))


def body_of(value: Node | None) -> Object | None:
    """The object of a resource or a module, whatever `if` and `for` stand around it."""
    while isinstance(value, If | For):
        value = value.body
    return value if isinstance(value, Object) else None
