"""The pieces that all metadata answers are made of: ids, labels, managed properties."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

CRM = "Microsoft.Dynamics.CRM."
ENGLISH = 1033
NEVER = "1900-01-01T00:00:00Z"


def metadata_id(*names: str) -> str:
    """The MetadataId of a thing, the same in every run."""
    return str(uuid5(NAMESPACE_URL, "dataverse-metadata:" + "/".join(names)))


def label(text: str, *names: str, managed: bool = True, translations: Iterable[tuple[int, str]] = ()) -> Json:
    """A Label in English and other languages, without any text where `text` is empty; `names` make its id."""
    if not text:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    texts = [(ENGLISH, text), *translations]
    localized = [
        {
            "Label": one,
            "LanguageCode": code,
            "IsManaged": managed,
            "MetadataId": metadata_id(*names, "label", *([] if code == ENGLISH else [str(code)])),
            "HasChanged": None,
        }
        for code, one in texts
    ]
    return {"LocalizedLabels": localized, "UserLocalizedLabel": dict(localized[0])}


def managed_property(name: str, value: object, *, changeable: bool) -> Json:
    """A value together with whether, and by which managed property, it may be changed."""
    return {"Value": value, "CanBeChanged": changeable, "ManagedPropertyLogicalName": name}
