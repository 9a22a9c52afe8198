"""FetchXML read from its text."""

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from local.emulators.dataverse import errors
from local.emulators.dataverse.fetchxml.tree import Attribute, Fetch, Group, Link, Sort, Source, Test

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_LINKS: Final = 15  # "Join tables using FetchXml"
MOST_AGGREGATED: Final = 50_000  # "Aggregate data using FetchXml"
DEEPEST: Final = 20
KINDS: Final = frozenset({"inner", "outer", "exists", "in", "any", "not any", "all", "not all"})


def read_fetch(text: str) -> Fetch:
    """The query in the text."""
    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException) as error:
        raise errors.fetch_refused(f"Invalid XML. {error}", "0x80040201") from error
    entity = root.find("entity")
    if root.tag != "fetch" or entity is None:
        raise errors.fetch_refused("Invalid FetchXml: a fetch element with an entity element is needed.")
    if sum(1 for _ in root.iter("link-entity")) > MOST_LINKS:
        raise errors.too_many_links()
    return Fetch(
        source=_Reader().source(entity),
        top=_whole(root, "top"),
        count=_whole(root, "count"),
        page=_whole(root, "page") or 1,
        cookie=root.get("paging-cookie", ""),
        distinct=_flag(root, "distinct"),
        aggregate=_flag(root, "aggregate"),
        total=_flag(root, "returntotalrecordcount"),
        limit=min(_whole(root, "aggregatelimit") or MOST_AGGREGATED, MOST_AGGREGATED),
        raw_order=_flag(root, "useraworderby"),
    )


class _Reader:
    """Reads the tables; those without an alias are named by the platform."""

    def __init__(self) -> None:
        self.number = 0
        self.depth = 0

    def source(self, element: "Element") -> Source:
        return Source(
            name=_required(element, "name"),
            attributes=tuple(map(_attribute, element.findall("attribute"))),
            everything=element.find("all-attributes") is not None,
            groups=tuple(map(self.group, element.findall("filter"))),
            sorts=tuple(map(_sort, element.findall("order"))),
            links=tuple(map(self.link, element.findall("link-entity"))),
        )

    def link(self, element: "Element") -> Link:
        kind = element.get("link-type", "inner")
        if kind not in KINDS:
            raise errors.not_emulated(f"FetchXML's link-type '{kind}'")
        self.number += 1
        name = _required(element, "name")
        alias = element.get("alias") or f"{name}{self.number}"
        own, outer = _required(element, "from"), _required(element, "to")
        return Link(self.source(element), own, outer, kind, alias)

    def group(self, element: "Element") -> Group:
        self.depth += 1
        if self.depth > DEEPEST:
            raise errors.fetch_refused("The filters of the FetchXml are nested too deeply.")
        items = tuple(item for item in map(self._item, element) if item is not None)
        self.depth -= 1
        return Group(element.get("type", "and") == "or", items)

    def _item(self, element: "Element") -> Group | Test | Link | None:
        if element.tag == "filter":
            return self.group(element)
        if element.tag == "condition":
            return _test(element)
        return self.link(element) if element.tag == "link-entity" else None


def _test(element: "Element") -> Test:
    values = tuple((one.text or "").strip() for one in element.findall("value"))
    single = element.get("value")
    return Test(
        attribute=_required(element, "attribute"),
        operator=_required(element, "operator"),
        values=values if single is None else (single, *values),
        entity=element.get("entityname", ""),
        other=element.get("valueof", ""),
    )


def _attribute(element: "Element") -> Attribute:
    return Attribute(
        name=_required(element, "name"),
        alias=element.get("alias", ""),
        aggregate=element.get("aggregate", ""),
        grouped=_flag(element, "groupby"),
        distinct=_flag(element, "distinct"),
        dates=element.get("dategrouping", ""),
    )


def _sort(element: "Element") -> Sort:
    return Sort(
        attribute=element.get("attribute", ""),
        alias=element.get("alias", ""),
        descending=_flag(element, "descending"),
        entity=element.get("entityname", ""),
    )


def _required(element: "Element", name: str) -> str:
    value = element.get(name)
    if not value:
        message = f"Invalid FetchXml: the element '{element.tag}' needs the attribute '{name}'."
        raise errors.fetch_refused(message, "0x8004111E")
    return value


def _flag(element: "Element", name: str) -> bool:
    return element.get(name, "").lower() in {"true", "1"}


def _whole(element: "Element", name: str) -> int | None:
    text = element.get(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise errors.fetch_refused(f"Invalid FetchXml: '{name}' has to be a whole number; it is '{text}'.")
    return int(text)
