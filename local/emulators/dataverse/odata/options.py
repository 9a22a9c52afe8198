"""The options of a query, read from the raw query string."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_plus

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import Property, TableModel

UNSUPPORTED: Final = ("$skip", "$search", "$format")
NOT_EMULATED: Final = ("savedQuery", "userQuery")
KNOWN: Final = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$count", "$skiptoken", "$expand", "$apply"}
)

FREQUENT: Final = {"%22": '"', "%2C": ",", "%20": " ", "%40": "@", "%3A": ":", "%2F": "/"}


@dataclass(frozen=True, slots=True)
class Options:
    """What a query asks for; the texts are decoded."""

    select: tuple[str, ...] = ()
    filter: str = ""
    orderby: str = ""
    top: int | None = None
    count: bool = False
    skip_token: str = ""
    expand: str = ""
    apply: str = ""
    fetch_xml: str = ""
    sql: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)


def split_query(query: str) -> dict[str, str]:
    """The pairs of a raw query string, decoded; a plus stands for a space."""
    found: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name:
            found[unquote_plus(name)] = unquote_plus(_plainer(value))
    return found


def _plainer(text: str) -> str:
    """The text with its most frequent escapes decoded: each decoded by itself takes long in a long list.

    None of the characters can be a part of another escape.
    """
    for escape, character in FREQUENT.items():
        text = text.replace(escape, character)
    return text


def read_options(query: str) -> Options:
    """The options, refusing what Dataverse refuses and what this emulator does not do."""
    given = split_query(query)
    for name in UNSUPPORTED:
        if name in given:
            raise errors.query_option_unsupported(name)
    for name in NOT_EMULATED:
        if name in given:
            raise errors.not_emulated(f"The query option {name}")
    for name in given:
        if name.startswith("$") and name not in KNOWN:
            raise errors.query_refused(f"The query parameter {name} is not supported")
    return Options(
        select=tuple(part.strip() for part in given.get("$select", "").split(",") if part.strip()),
        filter=given.get("$filter", ""),
        orderby=given.get("$orderby", ""),
        top=_top(given.get("$top")),
        count=given.get("$count", "").lower() == "true",
        skip_token=given.get("$skiptoken", ""),
        expand=given.get("$expand", ""),
        apply=given.get("$apply", ""),
        fetch_xml=given.get("fetchXml", ""),
        sql=given.get("sql", ""),
        aliases={name: value for name, value in given.items() if name.startswith("@")},
    )


def selected(model: TableModel, names: tuple[str, ...]) -> list[Property]:
    """The properties that an answer shows: those asked for with what Dataverse adds, or all."""
    if not names or names == ("*",):
        return model.shown()
    chosen: dict[str, Property] = {}
    for name in names:
        prop = model.properties.get(name)
        if prop is None and name in model.table.navigation:
            prop = model.by_column(model.table.navigation[name][0])
        if prop is None:
            raise errors.unknown_property(name, model.name)
        chosen[prop.wire] = prop
        for extra in _companions(model, prop):
            chosen.setdefault(extra.wire, extra)
    key = model.properties[model.table.primary_id]
    chosen.setdefault(key.wire, key)
    return list(chosen.values())


def _companions(model: TableModel, prop: Property) -> list[Property]:
    """What comes back unasked ("Query data using the Web API"): money's currency, an address's block."""
    name = prop.column.name
    wanted = None
    if prop.column.type == "Money":
        wanted = model.properties.get("_transactioncurrencyid_value")
    elif name.startswith("address") and name.endswith("_line1"):
        wanted = model.properties.get(name.removesuffix("line1") + "composite")
    return [wanted] if wanted else []


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit():
        raise errors.query_refused(
            f"Invalid value '{text}' for $top query option found. "
            "The $top query option requires a non-negative integer value."
        )
    return int(text)
