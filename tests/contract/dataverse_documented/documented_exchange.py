"""Exchanges as the documentation tells them, read from tables: what is sent, and what has to come back."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("exchanges")
NAMES = re.compile(r"\{(\w+)\}")
ANYTHING = "*"


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request with its expected answer; texts may hold `{names}` to fill in and `*` for anything.

    `given` are requests before it (`name = POST accounts {...}` keeps the new row's id under a name), `then`
    are requests after it with the JSON that they answer. `control` and `person` need the emulator.
    """

    name: str
    source: str
    send: str
    status: int
    given: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    answered: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    message: str = ""
    json: str = ""
    absent: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    person: str = "ada"
    emulator: bool = False

    @property
    def needs_emulator(self) -> bool:
        """Whether no real organization can be asked for it."""
        return self.emulator or bool(self.control) or self.person != "ada"


def exchanges() -> Iterator[Exchange]:
    """All exchanges of the tables."""
    for path in sorted(FOLDER.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for one in content["exchange"]:
            source = one.pop("source", content["source"])
            part = one.pop("part", "")
            values = {name: tuple(v) if isinstance(v, list) else v for name, v in one.items()}
            yield Exchange(source=f"{source}: {part}" if part else source, **values)


def filled(text: str, names: Mapping[str, str]) -> str:
    """The text with the known names in braces filled in; other braces stay."""
    return NAMES.sub(lambda found: names.get(found[1], found[0]), text)


def differences(expected: Any, found: Any, where: str = "answer") -> list[str]:
    """How a JSON answer differs from what it has to hold; objects may hold more."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{where} is {found!r}, no object"]
        missing = [f"{where} has no {name}" for name in expected if name not in found]
        inner = (
            differences(value, found[name], f"{where}.{name}")
            for name, value in expected.items()
            if name in found
        )
        return missing + [line for lines in inner for line in lines]
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return [f"{where} is {found!r}, not {len(expected)} items"]
        pairs = zip(expected, found, strict=True)
        inner = (differences(one, other, f"{where}[{n}]") for n, (one, other) in enumerate(pairs))
        return [line for lines in inner for line in lines]
    if isinstance(expected, str) and ANYTHING in expected:
        return [] if matches(expected, found) else [f"{where} is {found!r}, not like {expected!r}"]
    return (
        []
        if expected == found and type(expected) is type(found)
        else [f"{where} is {found!r}, not {expected!r}"]
    )


def matches(pattern: str, found: object) -> bool:
    """Whether a text is like the pattern, in which `*` stands for anything."""
    if pattern == ANYTHING:
        return found is not None
    parts = map(re.escape, pattern.split(ANYTHING))
    return isinstance(found, str) and re.fullmatch(".*".join(parts), found, re.DOTALL) is not None


def parsed(text: str, names: Mapping[str, str]) -> Any:
    """JSON of a table with its names filled in."""
    return json.loads(filled(text, names))
