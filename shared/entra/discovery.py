"""The HTTP of MSAL: our session, with each directory's discovery document remembered for a day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

_REMEMBERED = timedelta(days=1)
_MOST = 5_000


class EntraHttp:
    """What MSAL calls instead of its own session.

    MSAL's own memory, `http_cache`, is not safe between threads and repeats a refusal for a minute.
    """

    def __init__(self, session: "Callable[[], requests.Session]", clock: Callable[[], datetime]) -> None:
        self._session = session
        self._clock = clock
        self._documents: dict[str, tuple[datetime, requests.Response]] = {}
        self._lock = Lock()

    def get(self, url: str, **options: Any) -> "requests.Response":
        """The answer, from memory where it was asked for without parameters and found less than a day ago."""
        if options.get("params"):
            return self._session().get(url, **options)
        now = self._clock()
        with self._lock:
            known = self._documents.get(url)
        if known is not None and now - known[0] < _REMEMBERED:
            return known[1]
        response = self._session().get(url, **options)
        if response.status_code == 200:
            self._remember(url, now, response)
        return response

    def fresh(self, url: str) -> "requests.Response":
        """The answer of now, which is remembered instead of an older one."""
        response = self._session().get(url)
        if response.status_code == 200:
            self._remember(url, self._clock(), response)
        return response

    def now(self) -> datetime:
        """The moment by the clock that everything here goes by."""
        return self._clock()

    def post(self, url: str, **options: Any) -> "requests.Response":
        """The answer, never from memory."""
        return self._session().post(url, **options)

    def close(self) -> None:
        """Nothing: the session is everybody's."""

    def _remember(self, url: str, now: datetime, response: "requests.Response") -> None:
        with self._lock:
            if len(self._documents) >= _MOST:
                self._documents.clear()
            self._documents[url] = (now, response)
