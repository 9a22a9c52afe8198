"""Constraints that a route parameter can carry, such as `int` in `{id:int}`."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

Check = Callable[[str], bool]

_INT = range(-(2**31), 2**31)
_LONG = range(-(2**63), 2**63)


def constraint(name: str, argument: str) -> Check:
    """The check of ASP.NET Core's constraint `name(argument)`; ValueError where there is none."""
    if name in _PLAIN and not argument:
        return _PLAIN[name]
    if name in _WITH_ARGUMENT and argument:
        return _WITH_ARGUMENT[name](argument)
    shown = f"{name}({argument})" if argument else name
    raise ValueError(f"the constraint {shown!r}, which is not one of Azure Functions' route constraints")


def _whole_number(value: str, allowed: range) -> bool:
    return re.fullmatch(r"[+-]?\d+", value, re.ASCII) is not None and int(value) in allowed


def _parses(parse: Callable[[str], object]) -> Check:
    def check(value: str) -> bool:
        with suppress(ValueError):
            parse(value)
            return True
        return False

    return check


def _is_bool(value: str) -> bool:
    return value.lower() in {"true", "false"}


def _is_alpha(value: str) -> bool:
    return re.fullmatch("[A-Za-z]*", value) is not None


def _length(argument: str) -> Check:
    least, _, most = argument.partition(",")
    allowed = range(int(least), int(most or least) + 1)
    return lambda value: len(value) in allowed


def _between(argument: str) -> Check:
    least, _, most = argument.partition(",")
    allowed = range(int(least), int(most) + 1)
    return lambda value: _whole_number(value, allowed)


def _at_least(argument: str) -> Check:
    allowed = range(int(argument), _LONG.stop)
    return lambda value: _whole_number(value, allowed)


def _at_most(argument: str) -> Check:
    allowed = range(_LONG.start, int(argument) + 1)
    return lambda value: _whole_number(value, allowed)


def _regex(argument: str) -> Check:
    pattern = re.compile(argument.replace("{{", "{").replace("}}", "}"), re.IGNORECASE)
    return lambda value: pattern.search(value) is not None


_PLAIN: dict[str, Check] = {
    "int": lambda value: _whole_number(value, _INT),
    "long": lambda value: _whole_number(value, _LONG),
    "bool": _is_bool,
    "alpha": _is_alpha,
    "guid": _parses(UUID),
    "decimal": _parses(float),
    "double": _parses(float),
    "float": _parses(float),
    "datetime": _parses(datetime.fromisoformat),
}

_WITH_ARGUMENT: dict[str, Callable[[str], Check]] = {
    "length": _length,
    "minlength": lambda argument: lambda value: len(value) >= int(argument),
    "maxlength": lambda argument: lambda value: len(value) <= int(argument),
    "min": _at_least,
    "max": _at_most,
    "range": _between,
    "regex": _regex,
}
