"""The table of facts about Azure's resource types: how it is written, and how it is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from local.bicep.facts.models import Model, ModelProperty

TABLE = Path(__file__).with_name("azure.txt")
BY_HAND = Path(__file__).with_name("graph.txt")

_HEAD = """\
# What Azure's resource types may hold, in a form of our own; `python -m local.bicep.facts.renew` writes it.
# type    resource type @ API version, the model that is written, the model that is read
# model   a model, then a line for each property: path, shape; ! is required, - is read-only
# shape   string int bool number any, =A|B one of these, [x] array, {x} object with any keys, or a model
# tell    the property that tells variants apart, then a line for each: value, model
"""


@dataclass(frozen=True, slots=True)
class KnownType:
    """A resource type in one API version, with the models of what is written and what is read."""

    name: str
    api: str
    written: str
    read: str


@dataclass(slots=True)
class Facts:
    """What the table says."""

    types: dict[str, KnownType] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)


def write_table(types: Iterable[KnownType], models: Iterable[Model]) -> str:
    """The table's text, sorted, so that a newer package shows as a small difference."""
    lines = [f"type {each.name}@{each.api} {each.written} {each.read}" for each in sorted(types, key=_name)]
    for model in sorted(models, key=_name):
        lines += ["", f"model {model.name}", *sorted(_property_line(each) for each in model.properties)]
        if model.variants:
            lines.append(f" tell {model.told_by}")
            lines += (f"  {value} {name}" for value, name in sorted(model.variants.items()))
    return _HEAD + "\n".join(lines) + "\n"


def _name(each: KnownType | Model) -> str:
    return each.name


def _property_line(each: ModelProperty) -> str:
    path = "/".join(each.path)
    return f" {path}{'!' * each.required}{'-' * each.readonly} {each.shape}"


@cache
def load_facts() -> Facts:
    """The committed tables."""
    return read_table("\n".join(each.read_text(encoding="utf-8") for each in (TABLE, BY_HAND)))


def read_table(text: str) -> Facts:
    """What a table's text says."""
    facts = Facts()
    for block in _blocks(text):
        if block[0].startswith("type "):
            _, name, written, read = block[0].split(" ")
            kind, api = name.split("@")
            facts.types[kind.lower()] = KnownType(kind, api, written, read)
        else:
            model = _model(block)
            facts.models[model.name] = model
    return facts


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.splitlines():
        if line.startswith(" "):
            block.append(line)
            continue
        if block:
            yield block
        block = [line] if line.startswith(("type ", "model ")) else []
    if block:
        yield block


def _model(block: list[str]) -> Model:
    properties: list[ModelProperty] = []
    variants: dict[str, str] = {}
    told_by: str | None = None
    for line in block[1:]:
        first, second = line.strip().split(" ", 1)
        if line.startswith("  "):
            variants[first] = second
        elif first == "tell":
            told_by = second
        else:
            properties.append(_property(first, second))
    return Model(
        name=block[0].split(" ")[1], properties=tuple(properties), told_by=told_by, variants=variants
    )


def _property(path: str, shape: str) -> ModelProperty:
    return ModelProperty(
        path=tuple(path.rstrip("!-").split("/")),
        shape=shape,
        required="!" in path,
        readonly=path.endswith("-"),
    )
