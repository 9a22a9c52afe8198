"""Route templates of HTTP functions: what they match, and which two of them collide."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from local.host.constraints import constraint
from local.host.function import Function, HttpTrigger
from local.host.settings import StartError

# One parameter: {name}, {*name}, {name:int:min(1)}, {name?}; a regex constraint may hold doubled braces.
_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)((?::[^{}:()?]+(?:\((?:[^{}]|\{\{|\}\})*?\))?)*)(\?)?\}")
_CONSTRAINT = re.compile(r":([^:()]+)(?:\((.*?)\))?(?=:|$)")
_ENCODED_SLASH = re.compile("%2f", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Route:
    """A compiled template with the function behind it."""

    function: Function
    methods: frozenset[str]
    shape: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    checks: tuple[tuple[int, Callable[[str], bool]], ...]

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters in `path` (decoded, without the prefix); None where it does not match."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        values = found.groups()
        for position, accepts in self.checks:
            value = values[position]
            if value is not None and not accepts(value):
                return None
        return {name: value for name, value in zip(self.names, values, strict=True) if value}

    def answers(self, method: str) -> bool:
        """Whether the function takes this method (upper case)."""
        return not self.methods or method in self.methods


def compile_route(function: Function, trigger: HttpTrigger) -> Route:
    """The route of an HTTP function, as ASP.NET Core's routing would read its template."""
    parts: list[str] = []
    shape: list[str] = []
    names: list[str] = []
    checks: list[tuple[int, Callable[[str], bool]]] = []
    end = 0
    for match in _PARAMETER.finditer(trigger.route):
        star, name, constraints, optional = match.groups()
        literal = _literal(function, trigger.route[end : match.start()])
        end = match.end()
        absent = bool(star or optional) and (literal.endswith("/") or not literal)
        parts.append(re.escape(literal[:-1] if absent and literal else literal))
        group = "(.*)" if star else "([^/]+?)"
        separator = "/" if literal else ""
        parts.append(f"(?:{separator}{group})?" if absent else group)
        checks += [(len(names), _constraint(function, *found)) for found in _CONSTRAINT.findall(constraints)]
        names.append(name)
        shape.append(f"{literal}{{{star}{constraints}{optional or ''}}}")
    literal = _literal(function, trigger.route[end:])
    return Route(
        function=function,
        methods=trigger.methods,
        shape="".join([*shape, literal]).lower(),
        pattern=re.compile("".join([*parts, re.escape(literal)]) + "/?", re.IGNORECASE),
        names=tuple(names),
        checks=tuple(checks),
    )


def compile_routes(functions: Iterable[Function]) -> list[Route]:
    """The routes of all HTTP functions, in the order of `functions`."""
    return [
        compile_route(function, function.trigger)
        for function in functions
        if isinstance(function.trigger, HttpTrigger)
    ]


def check_routes(functions: Sequence[Function]) -> None:
    """Raises StartError where a function would never be reached because another one answers its requests."""
    routes = compile_routes(functions)
    for position, later in enumerate(routes):
        for earlier in routes[:position]:
            _check_pair(earlier, later)


def decode_path(raw_path: bytes) -> str:
    """The path with its escapes resolved, but for slashes: those would make two segments of one."""
    return unquote(_ENCODED_SLASH.sub("%252F", raw_path.decode("latin-1")))


def _check_pair(earlier: Route, later: Route) -> None:
    shared = _shared_methods(earlier, later)
    if not shared:
        return
    names = f"functions {earlier.function.name} and {later.function.name}"
    if earlier.shape == later.shape:
        raise StartError(f"{names} both answer {shared} {later.shape}: give one another route or method")
    if _hides(earlier, later):
        raise StartError(
            f"{names} both match {shared} {later.shape}, and the host tries functions in the order of "
            f"their names: rename {later.function.name} so that it comes first, or constrain the other route"
        )


def _hides(earlier: Route, later: Route) -> bool:
    every_method = not earlier.methods or (later.methods and later.methods <= earlier.methods)
    if not every_method:
        return False
    if later.checks or "*" in later.shape or "?" in later.shape:
        return False
    return earlier.match(later.shape.replace("{}", "~")) is not None


def _shared_methods(one: Route, other: Route) -> str:
    if not one.methods or not other.methods:
        return ", ".join(sorted(one.methods or other.methods)) or "every method of"
    return ", ".join(sorted(one.methods & other.methods))


def _literal(function: Function, text: str) -> str:
    if "{" in text or "}" in text:
        raise StartError(f"the route of function {function.name} has a brace that is no parameter: {text!r}")
    return text


def _constraint(function: Function, name: str, argument: str) -> Callable[[str], bool]:
    try:
        return constraint(name, argument)
    except ValueError as error:
        raise StartError(f"the route of function {function.name} has {error}") from error
