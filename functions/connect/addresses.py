"""The addresses of the portal to which a sign-in may return."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from shared.domain.errors import InvalidRequest

_LONGEST = 2000


def check_return_url(text: str | None, origins: Collection[str]) -> str | None:
    """The address, when its origin is one of the portal's; InvalidRequest for any other."""
    if text is None:
        return None
    if not _is_plain(text) or _origin(text) not in origins:
        raise InvalidRequest(
            "returnUrlNotAllowed",
            "“returnUrl” has to be an address of the portal, as PORTAL_ORIGINS of this service lists them.",
        )
    return text


def with_result(return_url: str, *, ok: bool, code: str) -> str:
    """The address with how the sign-in ended, as `?connection=connected|error&code=…`."""
    parts = urlsplit(return_url)
    kept = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0] not in {"connection", "code"}
    ]
    result = [("connection", "connected" if ok else "error"), ("code", code)]
    return parts._replace(query=urlencode(kept + result)).geturl()


def _is_plain(text: str) -> bool:
    """Without what browsers and parsers read differently."""
    return (
        len(text) <= _LONGEST and text.isascii() and text.isprintable() and not set(text) & set(' \\"<>^`{|}')
    )


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()
