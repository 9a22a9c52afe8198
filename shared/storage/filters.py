"""Conditions on table rows: OData text whose values are parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.storage.entities import Scalar

_PARAMETER = re.compile(r"@(\w+)")
_INT32 = range(-(2**31), 2**31)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition such as `Filter("state eq @state and n gt @n", {"state": "queued", "n": 1})`."""

    text: str
    values: Mapping[str, Scalar] = field(default_factory=dict)

    def odata(self) -> str:
        """The condition with its values written as OData. The SDK's own way writes 1 as `true`."""
        return _PARAMETER.sub(lambda match: _literal(self.values[match[1]]), self.text)


def _literal(value: Scalar) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value) if value in _INT32 else f"{value}L"
        case float():
            return repr(value)
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            raise TypeError("A condition cannot ask for a missing value: absent properties match nothing.")
