"""SQL read into a tree, with everything refused that Dataverse's SQL endpoint does not take."""

import re
from typing import Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from local.emulators.dataverse import errors

ROW_PARTS: Final = frozenset({"where", "group", "order", "limit", "offset", "distinct"})
KNOWN_PARTS: Final = ROW_PARTS | {"expressions", "from_", "joins", "kind", "hint"}
LONGEST: Final = 30_000
WHOLE: Final = re.compile(r"[0-9]{1,9}")


def read_select(text: str) -> exp.Select:
    """The one SELECT in the text."""
    if len(text) > LONGEST:
        raise refused("The SQL query is too long.")
    try:
        found = [one for one in parse(text, read="tsql") if one is not None]
    except (SqlglotError, RecursionError) as error:
        raise refused(f"Incorrect syntax: {str(error).splitlines()[0]}") from error
    if len(found) != 1 or not isinstance(found[0], exp.Select):
        raise refused("Exactly one SELECT statement is expected.")
    select = found[0]
    if not select.expressions or not select.args.get("from_"):
        raise refused("Columns and a table are expected: SELECT name FROM account.")
    for part, value in select.args.items():
        if value and part not in KNOWN_PARTS:
            raise refused(f"'{part.strip('_').upper()}' is not supported.")
    if any(one.args.get("percent") for one in select.find_all(exp.LimitOptions)):
        raise refused("TOP with PERCENT is not supported.")
    if list(select.find_all(exp.Subquery, exp.Window)):
        raise refused("Subqueries and window functions are not supported.")
    if any(isinstance(one, exp.Star) or one.is_star for one in select.expressions):
        raise refused("SELECT * is not supported. Name the columns.")
    return select


def whole(node: exp.Expr | None) -> int | None:
    """The number in TOP, OFFSET or FETCH."""
    if node is None:
        return None
    inner = node.args.get("count") or node.args.get("expression")
    inner = inner.this if isinstance(inner, exp.Paren) else inner
    if not isinstance(inner, exp.Literal) or inner.is_string or not WHOLE.fullmatch(str(inner.this)):
        raise refused("TOP, OFFSET and FETCH need whole numbers.")
    return int(str(inner.this))


def refused(message: str) -> errors.DataverseError:
    """A query that the endpoint does not take; the page that says with which words is not known."""
    return errors.DataverseError(400, "0x80040203", f"Invalid SQL query: {message}")
