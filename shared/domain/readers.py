"""How a row takes its value from a vendor record."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.convert import as_text, is_empty
from shared.domain.mapping import PLACEHOLDER, ConstantSource, Source, TemplateSource, VendorSource

Read = Callable[[Mapping[str, Any]], Any]

_GAPS = re.compile(r"\s{2,}")
_LOOSE_ENDS = " -,;/|"


def reader(source: Source) -> Read:
    """Takes the value of a row; None or empty text when there is none."""
    match source:
        case VendorSource(name):
            return lambda record: record.get(name)
        case ConstantSource(value):
            return lambda _record: value
        case TemplateSource():
            return _template_reader(source)


def _template_reader(source: TemplateSource) -> Read:
    # Text and names take turns: "{a} - {b}" is "", a, " - ", b, "".
    parts = PLACEHOLDER.split(source.template)
    first, pairs = parts[0], list(zip(parts[1::2], parts[2::2], strict=True))

    def read(record: Mapping[str, Any]) -> str | None:
        pieces = [first]
        found = False
        for name, following in pairs:
            value = record.get(name)
            if value.__class__ is not str:
                value = "" if is_empty(value) else as_text(value)
            if value and (text := value.strip()):
                pieces.append(text)
                found = True
            pieces.append(following)
        if not found:
            return None
        filled = "".join(pieces)
        if "  " in filled or not filled.isprintable():
            filled = _GAPS.sub(" ", filled)
        return filled.strip(_LOOSE_ENDS)

    return read
