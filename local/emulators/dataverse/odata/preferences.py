"""The Prefer header of a request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PREFERENCE: Final = re.compile(r'\s*([^=,;\s]+)\s*(?:=\s*("[^"]*"|[^,;]*))?\s*(?:[,;]|$)')
FORMATTED: Final = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE: Final = "Microsoft.Dynamics.CRM.lookuplogicalname"
LOOKUP_PROPERTY: Final = "Microsoft.Dynamics.CRM.associatednavigationproperty"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the caller would like."""

    representation: bool = False
    continue_on_error: bool = False
    page_size: int | None = None
    annotations: str = ""

    def wants(self, annotation: str) -> bool:
        """Whether answers carry this annotation; `*` at the end of a wish stands for anything."""
        for wish in filter(None, (part.strip() for part in self.annotations.split(","))):
            if wish == annotation or (wish.endswith("*") and annotation.startswith(wish[:-1])):
                return True
        return False


def read_preferences(headers: Mapping[str, str]) -> Preferences:
    """The preferences in the headers, unknown ones left out."""
    found = {
        match[1].lower(): (match[2] or "").strip().strip('"')
        for match in PREFERENCE.finditer(headers.get("prefer", ""))
    }
    size = found.get("odata.maxpagesize", found.get("maxpagesize", ""))
    return Preferences(
        representation=found.get("return", "").lower() == "representation",
        continue_on_error="odata.continue-on-error" in found or "continue-on-error" in found,
        page_size=int(size) if size.isascii() and size.isdigit() and int(size) else None,
        annotations=found.get("odata.include-annotations", ""),
    )
