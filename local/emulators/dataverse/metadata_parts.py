"""The pieces that all metadata answers are made of: ids, labels, managed properties."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

CRM = "Microsoft.Dynamics.CRM."
ENGLISH = 1033
NEVER = "1900-01-01T00:00:00Z"


def metadata_id(*names: str) -> str:
    """The MetadataId of a thing, the same in every run."""
    return str(uuid5(NAMESPACE_URL, "dataverse-metadata:" + "/".join(names)))


def label(text: str, *names: str, managed: bool = True) -> Json:
    """A Label in English, without any text where `text` is empty; `names` make its id."""
    if not text:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    localized = {
        "Label": text,
        "LanguageCode": ENGLISH,
        "IsManaged": managed,
        "MetadataId": metadata_id(*names, "label"),
        "HasChanged": None,
    }
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": dict(localized)}


def managed_property(name: str, value: object, *, changeable: bool) -> Json:
    """A value together with whether, and by which managed property, it may be changed."""
    return {"Value": value, "CanBeChanged": changeable, "ManagedPropertyLogicalName": name}
