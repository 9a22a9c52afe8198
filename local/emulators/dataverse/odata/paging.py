"""Pages of a query: which rows come after the last one shown, and the opaque link that says so."""

import re
from typing import Any, Final
from urllib.parse import quote, unquote

import orjson

from local.emulators.dataverse import errors
from local.emulators.dataverse.odata.ordering import Order

TOKEN: Final = re.compile(r'<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="False" />')


def after(orders: list[Order], last: list[Any]) -> tuple[str, list[Any]]:
    """The condition for rows behind the one with these sort values; null sorts before everything."""
    choices: list[str] = []
    parameters: list[Any] = []
    for depth, order in enumerate(orders):
        same = [f"{one.sql} IS ?" for one in orders[:depth]]
        sql, value = order.sql, last[depth]
        if order.descending:
            further = "0" if value is None else f"({sql} < ? OR {sql} IS NULL)"
        else:
            further = f"{sql} IS NOT NULL" if value is None else f"{sql} > ?"
        choices.append("(" + " AND ".join([*same, further]) + ")")
        parameters += last[:depth] + ([] if value is None else [value])
    condition = "(" + " OR ".join(choices) + ")"
    if not orders[0].descending and last[0] is not None:
        # Says nothing new, but lets SQLite begin at the right place of the order's index.
        return f"({orders[0].sql} >= ? AND {condition})", [last[0], *parameters]
    return condition, parameters


def order_sql(orders: list[Order]) -> str:
    """The ORDER BY list."""
    return ", ".join(one.sql + (" DESC" if one.descending else "") for one in orders)


def write_token(page: int, last: list[Any]) -> str:
    """The $skiptoken that asks for a page, encoded for an address as Dataverse encodes it."""
    cookie = quote(quote(orjson.dumps(last).decode(), safe=""), safe="")
    return quote(f'<cookie pagenumber="{page}" pagingcookie="{cookie}" istracking="False" />', safe="=")


def read_token(token: str, width: int) -> tuple[int, list[Any]]:
    """The page number and the sort values of the row before it, from a decoded $skiptoken."""
    found = TOKEN.fullmatch(token)
    last = _read_cookie(found[2]) if found else []
    if found is None or len(last) != width:
        raise errors.query_refused("Malformed XML in the Paging Cookie. Use @odata.nextLink unchanged.")
    return int(found[1]), last


def _read_cookie(cookie: str) -> list[Any]:
    try:
        last = orjson.loads(unquote(unquote(cookie)))
    except orjson.JSONDecodeError:
        return []
    plain = isinstance(last, list) and not any(isinstance(value, dict | list) for value in last)
    return last if plain else []
