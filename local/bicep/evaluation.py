"""Works out what a deployment would be: names and lists, as far as they do not depend on Azure's answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.bicep.program import Program, SourceFile
from local.bicep.syntax.tree import (
    Array,
    Binary,
    Call,
    For,
    If,
    Index,
    Keyword,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Property,
    Spread,
    Statement,
    Ternary,
    Text,
    Unary,
    body_of,
)


class Unknown:
    """What only Azure, or the environment of a deployment, knows."""


UNKNOWN = Unknown()
# What they give has always this length.
_HASHES = {"uniqueString": "u" * 13, "guid": "00000000-0000-0000-0000-000000000000"}
_ENVIRONMENTS = {"usgov": "AzureUSGovernment", "usdod": "AzureUSGovernment", "china": "AzureChinaCloud"}


@dataclass(frozen=True, slots=True)
class Deployed:
    """One resource of a deployment: what declares it, its type, and what of it could be worked out."""

    file: SourceFile
    statement: Statement
    type: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str | None:
        """Its name, where it is known."""
        name = self.body.get("name")
        return name if isinstance(name, str) else None


class Evaluation:
    """One template with the values of its parameters."""

    def __init__(self, program: Program, file: SourceFile, given: Mapping[str, Any]) -> None:
        self._program = program
        self._file = file
        self._given = given
        self._statements = {each.name: each for each in file.declared()}
        self._outputs = {each.name: each for each in file.tree.of(Keyword.OUTPUT)}
        self._values: dict[str, Any] = {}
        self._modules: dict[str, Evaluation | None] = {}

    def resources(self) -> Iterator[Deployed]:
        """Every resource of this template and of the modules that it uses, each turn of a loop for itself."""
        for statement in self._statements.values():
            if statement.keyword is Keyword.RESOURCE and not statement.existing and self._wanted(statement):
                kind = ((statement.label.plain if statement.label else None) or "").partition("@")[0]
                for body in self._bodies(statement.value, {}):
                    yield Deployed(self._file, statement, kind, body)
            if statement.keyword is Keyword.MODULE and self._wanted(statement):
                module = self._module(statement)
                if module is not None:
                    yield from module.resources()

    def value(self, node: Node | None, inside: Mapping[str, Any] | None = None) -> Any:
        """What an expression gives; UNKNOWN where that cannot be known here."""
        inside = inside or {}
        match node:
            case Literal(_, value):
                return value
            case Text(_, parts):
                return self._text(parts, inside)
            case Name(_, name):
                return inside[name] if name in inside else self._symbol(name)
            case Member(_, of, name):
                return self._member(of, name, inside)
            case Index(_, of, key):
                return _item(self.value(of, inside), self.value(key, inside))
            case Call():
                return self._call(node, inside)
        return self._composed(node, inside)

    def _composed(self, node: Node | None, inside: Mapping[str, Any]) -> Any:
        match node:
            case Unary(_, "not null", of):
                return self.value(of, inside)
            case Unary(_, "!", of):
                value = self.value(of, inside)
                return UNKNOWN if value is UNKNOWN else not value
            case Binary():
                return self._binary(node, inside)
            case Ternary(_, condition, yes, no):
                chosen = self.value(condition, inside)
                return UNKNOWN if chosen is UNKNOWN else self.value(yes if chosen else no, inside)
            case Array(_, items):
                return [self.value(item, inside) for item in items if not isinstance(item, Spread)]
            case Object():
                return self._object(node, inside)
            case For():
                return [self.value(node.body, turn) for turn in self._turns(node, inside)]
        return UNKNOWN

    def _wanted(self, statement: Statement) -> bool:
        """False where the condition of a resource or a module is known not to hold."""
        return not isinstance(statement.value, If) or self.value(statement.value.condition) is not False

    def _bodies(self, value: Node | None, inside: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if isinstance(value, For):
            for turn in self._turns(value, inside):
                yield from self._bodies(value.body, turn)
        elif (body := body_of(value)) is not None:
            yield self._object(body, inside)

    def _turns(self, loop: For, inside: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        source = self.value(loop.source, inside)
        for number, item in enumerate(source if isinstance(source, list) else [UNKNOWN]):
            yield {**inside, loop.item: item, loop.index or "": number}

    def _object(self, node: Object, inside: Mapping[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for item in node.items:
            if isinstance(item, Property):
                key = item.key if isinstance(item.key, str) else self.value(item.key, inside)
                values[str(key)] = self.value(item.value, inside)
        return values

    def _text(self, parts: tuple[str | Node, ...], inside: Mapping[str, Any]) -> Any:
        values = [part if isinstance(part, str) else self.value(part, inside) for part in parts]
        return UNKNOWN if UNKNOWN in values else "".join(str(value) for value in values)

    def _symbol(self, name: str) -> Any:
        if name not in self._values:
            self._values[name] = UNKNOWN
            self._values[name] = self._declared(self._statements.get(name))
        return self._values[name]

    def _declared(self, statement: Statement | None) -> Any:
        if statement is None:
            return UNKNOWN
        if statement.keyword is Keyword.PARAM and statement.name in self._given:
            return self._given[statement.name]
        if statement.keyword is Keyword.RESOURCE:
            body = body_of(statement.value)
            return {"name": self.value(body.get("name") if body else None)}
        if statement.keyword is Keyword.MODULE:
            return self._module(statement) or UNKNOWN
        return self.value(statement.value)

    def _module(self, statement: Statement) -> "Evaluation | None":
        if statement.name not in self._modules:
            file = self._program.files.get(
                self._file.relative((statement.label and statement.label.plain) or "")
            )
            body = body_of(statement.value)
            given = self.value(body.get("params") if body else None)
            known = given if isinstance(given, dict) else {}
            self._modules[statement.name] = Evaluation(self._program, file, known) if file else None
        return self._modules[statement.name]

    def _member(self, of: Node, name: str, inside: Mapping[str, Any]) -> Any:
        value = self.value(of, inside)
        if isinstance(value, Evaluation):
            return value._output_values() if name == "outputs" else UNKNOWN  # noqa: SLF001 - of the same class
        return value.get(name, UNKNOWN) if isinstance(value, dict) else UNKNOWN

    def _output_values(self) -> dict[str, Any]:
        return {name: self.value(each.value) for name, each in self._outputs.items()}

    def _binary(self, node: Binary, inside: Mapping[str, Any]) -> Any:
        left, right = self.value(node.left, inside), self.value(node.right, inside)
        if UNKNOWN in (left, right) or node.sign not in _SIGNS:
            return UNKNOWN
        return _SIGNS[node.sign](left, right)

    def _call(self, node: Call, inside: Mapping[str, Any]) -> Any:
        if node.name in _HASHES:
            return _HASHES[node.name]
        if node.name == "environment":
            return _environment(self._given)
        arguments = [self.value(argument, inside) for argument in node.arguments]
        if UNKNOWN in arguments or node.name not in _CALLS:
            return UNKNOWN
        return _CALLS[node.name](*arguments)


def _environment(given: Mapping[str, Any]) -> dict[str, Any]:
    location = str(given.get("location", ""))
    name = next((cloud for mark, cloud in _ENVIRONMENTS.items() if location.startswith(mark)), "AzureCloud")
    return {"name": name}


def _item(of: Any, key: Any) -> Any:
    if isinstance(of, list) and isinstance(key, int) and key < len(of):
        return of[key]
    return of.get(key, UNKNOWN) if isinstance(of, dict) and isinstance(key, str) else UNKNOWN


def _merged(*values: Any) -> Any:
    merged: dict[str, Any] = {}
    for value in values:
        merged |= value if isinstance(value, dict) else {}
    return merged


_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "&&": lambda left, right: left and right,
    "||": lambda left, right: left or right,
}
_CALLS: Mapping[str, Callable[..., Any]] = {
    "concat": lambda *values: (
        [each for value in values for each in value] if isinstance(values[0], list) else "".join(values)
    ),
    "empty": lambda value: not value,
    "items": lambda value: [{"key": key, "value": each} for key, each in value.items()],
    "join": lambda values, mark: UNKNOWN if UNKNOWN in values else mark.join(values),
    "last": lambda values: values[-1] if values else UNKNOWN,
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, mark: text.split(mark),
    "string": str,
    "subscriptionResourceId": lambda *parts: "/".join(parts),
    "take": lambda value, count: value[:count],
    "toLower": lambda text: text.lower(),
    "union": _merged,
}
