"""The request log as pages, filtered, and each request in detail; no values of rows, no tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.emulators.dataverse.journal import Entry
from local.emulators.dataverse.page_source import PostSource
from local.emulators.dataverse.page_view import PageError, PageView, whole

PAGE_SIZE: Final = 100
METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE")
STATUSES: Final[dict[str, tuple[str, Callable[[Entry], bool]]]] = {
    "": ("Any answer", lambda _: True),
    "done": ("Done", lambda one: 0 < one.status < 400),
    "refused": ("Refused", lambda one: one.status >= 400),
    "throttled": ("Throttled (429)", lambda one: one.status == 429),
    "failed": ("Failed (5xx)", lambda one: one.status >= 500),
    "dropped": ("No answer", lambda one: one.status == 0),
    "fault": ("Hit by a fault", lambda one: bool(one.fault)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the log as it is shown."""

    entry: Entry
    at: str
    person: str

    @property
    def bad(self) -> bool:
        """Whether it did not go well."""
        return self.entry.status >= 400 or self.entry.status == 0

    @property
    def answer(self) -> str:
        """The status, in words where there was none."""
        return str(self.entry.status) if self.entry.status else "no answer"

    @property
    def phrase(self) -> str:
        """The status in words."""
        try:
            return HTTPStatus(self.entry.status).phrase
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests are shown; `slow` in milliseconds, 0 for all."""

    method: str
    status: str
    text: str
    slow: int

    def takes(self, entry: Entry, person: str) -> bool:
        """Whether a request fits."""
        shown = f"{entry.path} {entry.query} {entry.code} {entry.status} {person}".lower()
        return (
            self.method in {"", entry.method}
            and STATUSES[self.status][1](entry)
            and entry.milliseconds >= self.slow
            and self.text.lower() in shown
        )


def request_routes(view: PageView) -> list[Route]:
    """The routes of the log; they come before those of tables."""

    async def requests(request: Request) -> Response:
        source = view.source(request)
        wanted = _filter(request)
        found = _lines(source, wanted)
        number = max(1, whole(request.query_params.get("page")))
        shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        values: dict[str, Any] = {"lines": shown, "total": len(found), "wanted": wanted, "number": number}
        values |= {
            "named": [(one, one) for one in METHODS],
            "statuses": {name: one[0] for name, one in STATUSES.items()},
        }
        kept = len(source.post.journal.entries)
        return view.show("requests", request, kept=kept, last=number * PAGE_SIZE >= len(found), **values)

    async def one(request: Request) -> Response:
        source = view.source(request)
        asked = request.path_params["number"]
        entry = next((one for one in source.post.journal.entries if one.number == asked), None)
        if entry is None:
            missing = PageError(f"Request {asked} is not in the log, which keeps the latest ones only.")
            return view.missing(request, missing)
        return view.show("request", request, line=_line(source, entry))

    return [
        Route("/view/_requests", requests),
        Route("/view/_requests/{number:int}", one),
    ]


def _filter(request: Request) -> Filter:
    asked = request.query_params
    slow, status = asked.get("slow", ""), asked.get("status", "")
    return Filter(
        method=asked.get("method", "") if asked.get("method") in METHODS else "",
        status=status if status in STATUSES else "",
        text=asked.get("text", "").strip(),
        slow=whole(slow) if slow.isdecimal() else 0,
    )


def _lines(source: PostSource, wanted: Filter) -> Sequence[Line]:
    """The requests that fit, latest first."""
    lines = (_line(source, entry) for entry in reversed(source.post.journal.entries))
    return [line for line in lines if wanted.takes(line.entry, line.person)]


def _line(source: PostSource, entry: Entry) -> Line:
    at = datetime.fromtimestamp(entry.at, UTC).isoformat(sep=" ", timespec="milliseconds")
    return Line(entry, at.removesuffix("+00:00"), source.people().get(entry.user, entry.user))
