"""The laws of a table row, checked before it is sent: Azurite is laxer than Azure."""

import math
import re
from collections.abc import Mapping
from typing import Any

from shared.storage.keys import MAX_KEY

Scalar = str | int | float | bool | None
"""What a property may hold. None is not stored; times are ISO 8601 text."""

Properties = Mapping[str, Scalar]

# "Scalability and performance targets for Table storage" and "Understanding the Table service data model".
MAX_PROPERTY = 64 * 1024
MAX_ENTITY = 1024 * 1024
MAX_PROPERTIES = 252
TRANSACTION_ROWS = 100
TRANSACTION_BYTES = 3 * 1024 * 1024
"""Below the 4 MiB of a transaction's body, for headers and JSON escapes."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")
_FORBIDDEN_IN_KEY = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")
_SYSTEM = frozenset({"PartitionKey", "RowKey", "Timestamp"})
_INT32 = range(-(2**31), 2**31)
_INT64 = range(-(2**63), 2**63)


def entity(partition: str, row: str, properties: Properties) -> dict[str, Any]:
    """The row as the SDK sends it. ValueError or TypeError where Azure would refuse it."""
    _check_key("PartitionKey", partition)
    _check_key("RowKey", row)
    kept = {name: value for name, value in properties.items() if value is not None and name not in _SYSTEM}
    if len(kept) > MAX_PROPERTIES:
        raise ValueError(f"A row may have {MAX_PROPERTIES} properties, this one has {len(kept)}.")
    wire = {name: _wire(name, value) for name, value in kept.items()}
    if size_of(partition, row, kept) > MAX_ENTITY:
        raise ValueError(f"A row may have {MAX_ENTITY} bytes. Put the content into a blob.")
    return {"PartitionKey": partition, "RowKey": row, **wire}


def size_of(partition: str, row: str, properties: Properties) -> int:
    """Bytes that Azure counts for the row: text is UTF-16."""
    return (
        4
        + _text_size(partition + row)
        + sum(8 + _text_size(name) + _value_size(value) for name, value in properties.items())
    )


def _check_key(name: str, text: str) -> None:
    if len(text) > MAX_KEY or _FORBIDDEN_IN_KEY.search(text):
        raise ValueError(f"{name} is too long or has a character that Azure forbids. Make it with key().")


def _wire(name: str, value: Scalar) -> Any:
    if not _NAME.fullmatch(name):
        raise ValueError(f"“{name}” is no name for a property: letters, digits and _ only.")
    if not isinstance(value, (str, bool, int, float)):
        raise TypeError(f"{name} holds a {type(value).__name__}. Store scalars, or JSON as text.")
    if isinstance(value, str) and _text_size(value) > MAX_PROPERTY:
        raise ValueError(f"{name} is longer than {MAX_PROPERTY} bytes. Split it with split_text().")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name} is {value}, which has no place in JSON.")
    if isinstance(value, int) and not isinstance(value, bool) and value not in _INT32:
        return _int64(name, value)
    return str(value) if isinstance(value, str) else value


def _int64(name: str, value: int) -> tuple[int, str]:
    if value not in _INT64:
        raise ValueError(f"{name} does not fit 64 bits. Store it as text.")
    return value, "Edm.Int64"


def _value_size(value: Scalar) -> int:
    return _text_size(value) + 4 if isinstance(value, str) else 8


def _text_size(text: str) -> int:
    return 2 * len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass"))
