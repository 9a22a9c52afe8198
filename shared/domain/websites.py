"""Whose website an address is, and the ways in which people write it."""

import re
from urllib.parse import urlsplit

_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]+")
_SHARED_HOSTS = (
    ".facebook.com",
    ".instagram.com",
    ".linkedin.com",
    ".sites.google.com",
    ".twitter.com",
    ".x.com",
    ".youtube.com",
)
"""Where a page is not the whole site: its path says whose it is."""


def website_domain(address: str) -> str:
    """The host that an address names, without `www.`, lower case; empty when it names none of its own."""
    if not address:
        return ""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    while host.startswith("www."):
        host = host.removeprefix("www.")
    if parts.path.strip("/") and f".{host}".endswith(_SHARED_HOSTS):
        return ""
    return host if _DOMAIN.fullmatch(host) else ""


def website_spellings(domain: str) -> list[str]:
    """The ways in which people write a website: Dynamics compares text, it knows no domains."""
    return [
        f"{scheme}{www}{domain}{slash}"
        for scheme in ("https://", "http://", "")
        for www in ("www.", "")
        for slash in ("", "/")
    ]
