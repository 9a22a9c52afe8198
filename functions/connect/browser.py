"""Whether a person's browser came by itself: the callback is no picture, no frame and no script's request."""

from collections.abc import Mapping

from shared.domain.errors import InvalidRequest

# "Fetch Metadata Request Headers" (W3C): every current browser sends them; a program need not.
_EXPECTED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def check_navigation(headers: Mapping[str, str]) -> None:
    """InvalidRequest where the browser says that another page asked behind the person's back."""
    for name, expected in _EXPECTED.items():
        if headers.get(name, expected) != expected:
            raise InvalidRequest(
                "pageNotOpened",
                "This address has to be opened in a window of the browser. "
                "Start the sign-in again from the application.",
                detail=f"{name}: {headers.get(name, '')[:40]}",
            )
