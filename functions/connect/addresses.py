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
    return _with_query(return_url, "connected" if ok else "error", code)


def with_confirmation(return_url: str, *, code: str, confirmation: str) -> str:
    """The address with what completes the sign-in in its fragment, which no server sees or logs."""
    parts = urlsplit(_with_query(return_url, "unconfirmed", code))
    before = f"{parts.fragment}&" if parts.fragment else ""
    return parts._replace(fragment=f"{before}{urlencode({'confirmation': confirmation})}").geturl()


def _with_query(return_url: str, result: str, code: str) -> str:
    parts = urlsplit(return_url)
    kept = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0] not in {"connection", "code"}
    ]
    query = urlencode([*kept, ("connection", result), ("code", code)])
    return parts._replace(query=query).geturl()


def _is_plain(text: str) -> bool:
    """Without what browsers and parsers read differently."""
    return (
        len(text) <= _LONGEST and text.isascii() and text.isprintable() and not set(text) & set(' \\"<>^`{|}')
    )


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()
