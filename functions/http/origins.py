"""Which web pages may call the API (CORS), and the headers that protect every answer."""

from collections.abc import Collection, Mapping

_EXPOSED = "ETag, Location, Retry-After, X-Request-Id, Content-Disposition"
_ALLOWED_HEADERS = (
    "Authorization, Content-Encoding, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer"
)
_ALLOWED_METHODS = "GET, POST, PUT, DELETE, OPTIONS"

PROTECTIVE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def cross_origin(headers: Mapping[str, str], allowed: Collection[str]) -> dict[str, str]:
    """The headers that let the calling page read the answer, where its origin is one of the portal's."""
    if not allowed:
        return {}
    origin = headers.get("Origin")
    if origin is None or origin not in allowed:
        return {"Vary": "Origin"}
    return {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": _EXPOSED,
    }


def preflight(headers: Mapping[str, str], allowed: Collection[str]) -> dict[str, str]:
    """The answer to a browser's question whether a page may send its request."""
    granted = cross_origin(headers, allowed)
    if "Access-Control-Allow-Origin" in granted:
        granted |= {
            "Access-Control-Allow-Methods": _ALLOWED_METHODS,
            "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
            "Access-Control-Max-Age": "600",
        }
    return granted
