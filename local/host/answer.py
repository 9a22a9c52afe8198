"""Makes the HTTP answer of what a function returned, the way the host and its Python worker do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import azure.functions as func

# The server frames the body itself.
_OWN_HEADERS = {"content-length", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body as they go to the client."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


def encode_answer(result: object) -> Answer:
    """The answer for a function's result; raises where Azure's worker or host would fail on it."""
    try:
        datum = func.get_binding_registry().get("http").encode(result, expected_type=None)
    except NotImplementedError as error:  # how azure.functions answers a type that it cannot encode
        what = type(result).__name__
        raise TypeError(f"an HTTP function returned {what}, not an HttpResponse or str") from error
    if datum.type == "string":
        return Answer(200, [("Content-Type", "text/plain; charset=utf-8")], datum.value.encode())
    parts = datum.value
    headers = [
        (name, value.value) for name, value in parts["headers"].items() if name.lower() not in _OWN_HEADERS
    ]
    headers += [("Set-Cookie", text) for text in _cookies(parts["cookies"])]
    _check_headers(headers)
    return Answer(int(parts["status_code"].value), headers, parts["body"].value)


def _cookies(cookies: Iterable[SimpleCookie] | None) -> Iterable[str]:
    for cookie in cookies or ():
        for morsel in cookie.values():
            yield morsel.OutputString()


def _check_headers(headers: Iterable[tuple[str, Any]]) -> None:
    # Kestrel refuses anything but printable ASCII in an answer's headers.
    for name, value in headers:
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the header {name} of the answer has characters that HTTP does not allow")
