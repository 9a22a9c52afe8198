"""Makes the azure.functions.HttpRequest of a request, the way the host and its Python worker do."""

import io
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import azure.functions as func
from azure.functions.meta import Datum

logger = logging.getLogger(__name__)

_CHUNKED = (
    "a request came without Content-Length: the local host passes its body on, "
    "but in Azure the function would get an empty one"
)


class ClientGoneError(Exception):
    """The client closed the connection before its body was complete."""


class BodyTooLargeError(Exception):
    """The body is larger than the host accepts."""


async def read_body(
    scope: Mapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    limit: int,
) -> bytes:
    """The whole body, kept in memory once; a body over `limit` is given up as soon as that is known."""
    length = _header(scope, b"content-length")
    if int(length or 0) > limit:
        raise BodyTooLargeError
    if length is None and _header(scope, b"transfer-encoding") is None:
        return b""
    body = io.BytesIO()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        body.write(message.get("body", b""))
        if body.tell() > limit:
            raise BodyTooLargeError
        more = message.get("more_body", False)
    if length is None and body.tell():
        # Azure/azure-functions-host, GrpcMessageConversionExtensions: only if ContentLength > 0.
        logger.warning(_CHUNKED)
    return body.getvalue()


def decode_request(scope: Mapping[str, Any], parameters: Mapping[str, str], body: bytes) -> tuple[Any, str]:
    """The request object for a function, and the caller's trace parent."""
    headers = _headers(scope)
    query = scope["query_string"].decode("latin-1")
    url = (
        f"http://{headers.get('host', '')}{scope['raw_path'].decode('latin-1')}{'?' if query else ''}{query}"
    )
    datum = Datum(
        type="http",
        value={
            "method": Datum(scope["method"], "string"),
            "url": Datum(url, "string"),
            "headers": _datums(headers),
            "query": _datums(_query(query)),
            "params": _datums(parameters),
            "body": Datum(body, "bytes"),
        },
    )
    converter = func.get_binding_registry().get("httpTrigger")
    return converter.decode(datum, trigger_metadata={}), headers.get("traceparent", "")


def _datums(values: Mapping[str, str]) -> dict[str, Datum]:
    return {name: Datum(value, "string") for name, value in values.items()}


def _headers(scope: Mapping[str, Any]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _query(text: str) -> dict[str, str]:
    # The host joins a repeated parameter with commas and leaves out one without a value.
    joined: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=1024):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return {name: value for name, value in joined.items() if value}


def _header(scope: Mapping[str, Any], name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None
