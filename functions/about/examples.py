"""Makes an example out of a JSON schema."""

from collections.abc import Mapping
from typing import Any

_PREFIX = "#/components/schemas/"
_DEPTH = 8
_PLAIN: dict[str, Any] = {
    "string": "text",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "null": None,
    "object": {},
}
_FORMATS = {"date-time": "2026-01-31T09:30:00Z", "date": "2026-01-31", "uri": "https://example.com"}


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that fits the schema: its own example where it has one, else one put together."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(_PREFIX)]
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("const", "default"):
        if schema.get(word) is not None:
            return schema[word]
    if schema.get("enum"):
        return schema["enum"][0]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example_of(choices[0], schemas, depth)
    return _of_type(schema, schemas, depth)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [] if depth > _DEPTH else [example_of(schema.get("items", {}), schemas, depth + 1)]
    if kind == "object" and depth <= _DEPTH:
        members = schema.get("properties", {})
        return {name: example_of(member, schemas, depth + 1) for name, member in members.items()}
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), _PLAIN["string"])
    return schema.get("minimum", _PLAIN[kind])
