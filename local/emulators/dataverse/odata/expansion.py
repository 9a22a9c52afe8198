"""$expand read into a tree: which navigation properties, each with its own options."""

from dataclasses import dataclass
from typing import Final

from local.emulators.dataverse import errors
from local.emulators.dataverse.metadata_query import split_outside

MOST: Final = 15  # "Join tables using OData": $expand options of one query
OPTIONS: Final = frozenset({"$select", "$filter", "$orderby", "$top", "$expand"})


@dataclass(frozen=True, slots=True)
class Expand:
    """One navigation property to expand; `reference` asks for its rows' addresses only."""

    name: str
    select: tuple[str, ...] = ()
    filter: str = ""
    orderby: str = ""
    top: int | None = None
    inner: tuple["Expand", ...] = ()
    reference: bool = False
    written: str = ""

    @property
    def context(self) -> str:
        """How the @odata.context of an answer names it."""
        if self.reference:
            return f"{self.name},{self.name}/$ref()"
        return f"{self.name}({','.join([*self.select, *(one.context for one in self.inner)])})"


def read_expand(text: str, depth: int = 1) -> tuple[Expand, ...]:
    """The navigation properties in the text of $expand."""
    found = tuple(_item(part, depth) for part in split_outside(text, ",")) if depth <= MOST else ()
    if depth > MOST or _count(found) > MOST:
        raise errors.query_refused(f"The query has more than {MOST} $expand options.")
    return found


def nested(expands: tuple[Expand, ...]) -> bool:
    """Whether any of them expands further, which pages every expanded collection."""
    return any(one.inner for one in expands)


def _count(expands: tuple[Expand, ...]) -> int:
    return sum(1 + _count(one.inner) for one in expands)


def _item(text: str, depth: int) -> Expand:
    name, bracket, rest = text.strip().partition("(")
    name = name.strip()
    if bracket and not rest.endswith(")"):
        raise errors.query_refused(f"Term '{text.strip()}' is not valid in a $select or $expand expression.")
    if name.endswith("/$ref"):
        return Expand(name.removesuffix("/$ref"), reference=True)
    options: dict[str, str] = {}
    for part in split_outside(rest[:-1], ";"):
        option, _, value = part.strip().partition("=")
        if option not in OPTIONS:
            raise errors.query_refused(f"The query option '{option}' is not supported within $expand.")
        options[option] = value.strip()
    return Expand(
        name,
        select=tuple(one.strip() for one in options.get("$select", "").split(",") if one.strip()),
        filter=options.get("$filter", ""),
        orderby=options.get("$orderby", ""),
        top=_whole(options["$top"]) if "$top" in options else None,
        inner=read_expand(options["$expand"], depth + 1) if "$expand" in options else (),
        written="&".join(f"{option}={value}" for option, value in options.items()),
    )


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise errors.query_refused(
            f"Invalid value '{text}' for $top query option found. "
            "The $top query option requires a non-negative integer value."
        )
    return int(text)
