"""Labels in the bodies of customizers: English and other languages, replaced or merged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.emulators.dataverse.customizing import refusals
from local.emulators.dataverse.metadata_parts import ENGLISH
from local.emulators.dataverse.schema import Translations

MERGE_HEADER: Final = "mscrm.mergelabels"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one label."""

    english: str = ""
    others: Translations = ()

    def over(self, before: "Texts", *, merge: bool) -> "Texts":
        """These texts in the place of earlier ones; merging keeps languages that these do not name."""
        if not merge:
            return self
        others = dict(before.others) | dict(self.others)
        return Texts(self.english or before.english, tuple(sorted(others.items())))


def wants_merging(headers: Mapping[str, str]) -> bool:
    """Whether a request asks to keep labels in languages that it does not name ("MSCRM.MergeLabels")."""
    return headers.get(MERGE_HEADER, "").strip().lower() == "true"


def read_label(body: Mapping[str, Any], name: str) -> Texts | None:
    """The texts of a Label property; None where it is not there. UserLocalizedLabel is read-only."""
    content = body.get(name)
    if not isinstance(content, Mapping):
        return None
    rows = content.get("LocalizedLabels")
    if not isinstance(rows, list):
        raise refusals.invalid(f"{name} is no Label: it needs LocalizedLabels, a list.")
    texts: dict[int, str] = {}
    for row in rows:
        code, text = (row.get("LanguageCode"), row.get("Label")) if isinstance(row, Mapping) else (None, None)
        if not isinstance(code, int) or not isinstance(text, str):
            raise refusals.invalid(f"A LocalizedLabel of {name} needs a Label and a LanguageCode.")
        texts[code] = text
    english = texts.pop(ENGLISH, "")
    return Texts(english, tuple(sorted(texts.items())))


def required_label(body: Mapping[str, Any], name: str, what: str) -> Texts:
    """The texts of a Label that has to be there, in English at least."""
    found = read_label(body, name)
    if found is None or not found.english.strip():
        raise refusals.label_missing(f"{name} of {what}")
    return found
