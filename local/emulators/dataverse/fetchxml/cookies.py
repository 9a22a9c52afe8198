"""Paging cookies: the sort values of a page's first and last row, as XML within XML."""

import re
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from local.emulators.dataverse import errors
from local.emulators.dataverse.model import Kind
from local.emulators.dataverse.odata.expressions import whole_or_not
from local.emulators.dataverse.odata.ordering import Order

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def write_cookie(page: int, names: list[str], first: list[Any], last: list[Any]) -> str:
    """The annotation of a page that has a following one."""
    columns = "".join(
        f"<{name} {_edge('last', end)} {_edge('first', begin)} />"
        for name, begin, end in zip(names, first, last, strict=True)
    )
    inner = quote(quote(f'<cookie page="{page}">{columns}</cookie>', safe=""), safe="")
    return f'<cookie pagenumber="{page + 1}" pagingcookie="{inner}" istracking="False" />'


def read_cookie(text: str, orders: list[Order]) -> list[Any]:
    """The sort values of the last row of the page before."""
    try:
        columns = list(fromstring(text))
    except (ParseError, DefusedXmlException) as error:
        raise _malformed() from error
    if len(columns) != len(orders):
        raise _malformed()
    return [
        None if column.get("lastnull") else _value(column.get("last", ""), order)
        for column, order in zip(columns, orders, strict=True)
    ]


def _edge(side: str, value: Any) -> str:
    return f'{side}null="1"' if value is None else f"{side}={quoteattr(str(value))}"


def _value(text: str, order: Order) -> Any:
    ranked = order.sql.startswith("CASE")
    number = ranked or order.prop.kind in {Kind.NUMBER, Kind.FLAG}
    if number and not NUMBER.fullmatch(text):
        raise _malformed()
    return whole_or_not(text) if number else text.strip("{}") if order.prop.kind is Kind.GUID else text


def _malformed() -> errors.DataverseError:
    return errors.fetch_refused("Malformed XML in the Paging Cookie. Use it as it was answered.")
