"""Filters brought into the flattest form: no NOT but around single conditions, no AND within AND."""

from typing import Final

from local.emulators.dataverse.errors import query_refused
from local.emulators.dataverse.odata.syntax import Both, Either, Filter, Not

DEEPEST: Final = 20  # SQLite's parser takes about 25 parentheses within each other


def flattened(tree: Filter, *, negated: bool = False, depth: int = 0) -> Filter:
    """The same condition, or its opposite; refuses one whose and and or alternate too deeply."""
    if depth > DEEPEST:
        raise query_refused("Recursion depth exceeded allowed limit.")
    match tree:
        case Not(item):
            return flattened(item, negated=not negated, depth=depth)
        case Both(items) | Either(items):
            kind = Both if isinstance(tree, Both) is not negated else Either
            return _joined(kind, items, negated=negated, depth=depth + 1)
    return Not(tree) if negated else tree


def _joined(kind: type[Both | Either], items: tuple[Filter, ...], *, negated: bool, depth: int) -> Filter:
    found: list[Filter] = []
    for item in items:
        part = flattened(item, negated=negated, depth=depth)
        if isinstance(part, kind):
            found.extend(part.items)
        else:
            found.append(part)
    return kind(tuple(found))
