"""Reads the models of one of Microsoft's management packages: names, types, what is read-only or required."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ENUM_OF = re.compile(r":vartype (\w+):\s+(?:str or|list\[str or)\s+~[\w.]+\.(\w+)")
_SCALARS = {
    "str": "string",
    "bool": "bool",
    "int": "int",
    "float": "number",
    "iso-8601": "string",
    "duration": "string",
    "time": "string",
    "date": "string",
    "object": "any",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProperty:
    """One property: its path below the model (`properties.x` is two levels), and its shape in words."""

    path: tuple[str, ...]
    shape: str
    required: bool = False
    readonly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One class of a package. `variants`: value of the property that tells them apart to the class for it."""

    name: str
    properties: tuple[ModelProperty, ...]
    told_by: str | None = None
    variants: Mapping[str, str]


def read_models(models: str, enums: str, prefix: str) -> dict[str, Model]:
    """Every model of a package's source, by name; names in shapes have the package's prefix."""
    choices = _choices(enums)
    found = (
        _model(node, choices, prefix) for node in ast.parse(models).body if isinstance(node, ast.ClassDef)
    )
    return {model.name: model for model in found if model is not None}


def _choices(source: str) -> dict[str, str]:
    """Enumerations by name, each as `=A|B`."""
    return {
        node.name: "=" + "|".join(_values(node))
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef)
    }


def _values(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            yield str(statement.value.value)


def _model(node: ast.ClassDef, choices: Mapping[str, str], prefix: str) -> Model | None:
    tables = dict(_tables(node))
    attributes = tables.get("_attribute_map")
    if attributes is None:
        return None
    rules = tables.get("_validation", {})
    enums = dict(_ENUM_OF.findall(ast.get_docstring(node) or ""))
    subtypes = tables.get("_subtype_map", {})
    told_by = next(iter(subtypes), None)
    return Model(
        name=f"{prefix}.{node.name}",
        properties=tuple(
            ModelProperty(
                path=_path(entry["key"]),
                shape=_shape(entry["type"], choices.get(enums.get(name, "")), prefix),
                required=bool(rules.get(name, {}).get("required")),
                readonly=bool(rules.get(name, {}).get("readonly")),
            )
            for name, entry in attributes.items()
        ),
        told_by=".".join(_path(attributes[told_by]["key"])) if told_by else None,
        variants={value: f"{prefix}.{name}" for value, name in subtypes.get(told_by or "", {}).items()},
    )


def _tables(node: ast.ClassDef) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, ast.literal_eval(statement.value)


def _path(key: str) -> tuple[str, ...]:
    """A dot parts levels, unless a backslash stands before it; no key at all means any key."""
    return tuple(part.replace("\\.", ".") or "*" for part in re.split(r"(?<!\\)\.", key))


def _shape(kind: str, choice: str | None, prefix: str) -> str:
    if kind.startswith(("[", "{")):
        return kind[0] + _shape(kind[1:-1], choice, prefix) + kind[-1]
    if kind == "str" and choice:
        return choice
    return _SCALARS.get(kind) or f"{prefix}.{kind}"
