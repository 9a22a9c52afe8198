"""How a row takes its value from a vendor record."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.domain.convert import as_text
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
    names = parts[1::2]
    pattern = "%s".join(text.replace("%", "%%") for text in parts[::2])

    def read(record: Mapping[str, Any]) -> str | None:
        texts = [
            value.strip() if (value := record.get(name)).__class__ is str else as_text(value).strip()
            for name in names
        ]
        if not any(texts):
            return None
        filled = pattern % tuple(texts)
        if "  " in filled or not filled.isprintable():
            filled = _GAPS.sub(" ", filled)
        return filled.strip(_LOOSE_ENDS)

    return read
