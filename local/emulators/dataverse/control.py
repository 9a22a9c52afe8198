"""The control surface `/_emulator/`: what tests and demos set, and what they ask afterwards.

Every address takes `?organization=HOST`. Without it the Host header chooses; a loopback host means every
organization for what is set and summed, and the first one where only one can be meant.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from typing import Any
from zoneinfo import available_timezones

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.emulators.dataverse.control_rows import row_routes
from local.emulators.dataverse.faults import FaultError, fault_json, read_fault
from local.emulators.dataverse.site import Post, Site
from local.emulators.dataverse.world import member

Handler = Callable[[Request], Awaitable[Response]]


class ControlError(Exception):
    """A control request that cannot be done; the message says what to change."""


def answer(content: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(content), status, media_type="application/json")


class Control:
    """The handlers, over all organizations."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def chosen(self, request: Request) -> list[Post]:
        """The organizations that a request means."""
        asked = request.query_params.get("organization")
        named = self.site.named(asked or request.headers.get("host", ""))
        if asked and named is None:
            known = ", ".join(self.site.posts)
            raise ControlError(f"There is no organization '{asked}'. There are: {known}.")
        return [named] if named else list(self.site.posts.values())

    async def health(self, _: Request) -> Response:
        """Alive, with the organizations."""
        return answer({"status": "ok", "organizations": list(self.site.posts)})

    async def reset(self, request: Request) -> Response:
        """Everything back to the first start."""
        for post in self.chosen(request):
            post.reset()
        if not request.query_params.get("organization"):
            self.site.clock.offset = 0.0
        return answer({})

    async def limits(self, request: Request) -> Response:
        """Reads or sets the service protection limits; setting starts the counts anew."""
        posts = self.chosen(request)
        if request.method != "GET":
            changes = await _object(request)
            for post in posts:
                _set(post.guard.limits, changes)
                post.guard.forget()
        return answer(asdict(posts[0].guard.limits))

    async def latency(self, request: Request) -> Response:
        """Reads or sets the seconds for each request and each record."""
        posts = self.chosen(request)
        if request.method != "GET":
            changes = await _object(request)
            for post in posts:
                _set(post.latency, changes)
        return answer(asdict(posts[0].latency))

    async def faults(self, request: Request) -> Response:
        """Lists, adds to or clears the fault script."""
        posts = self.chosen(request)
        if request.method in {"PUT", "DELETE"}:
            for post in posts:
                post.faults.orders.clear()
        if request.method in {"PUT", "POST"}:
            content = orjson.loads(await request.body())
            for post in posts:
                post.faults.orders += [
                    read_fault(one) for one in (content if isinstance(content, list) else [content])
                ]
        return answer([fault_json(one) for one in posts[0].faults.orders])

    async def clock(self, request: Request) -> Response:
        """Reads the time or moves it: `offset` in seconds from now, or `advance` by some."""
        if request.method != "GET":
            content = await _object(request)
            offset = content.get("offset", self.site.clock.offset)
            self.site.clock.offset = float(offset) + float(content.get("advance", 0))
        return answer({"offset": self.site.clock.offset, "now": self.site.clock.now().isoformat()})

    async def journal(self, request: Request) -> Response:
        """The requests in the order of their ends."""
        posts = self.chosen(request)
        if request.method == "DELETE":
            for post in posts:
                post.journal.clear()
        entries = sorted((one for post in posts for one in post.journal.entries), key=lambda one: one.at)
        return answer([one.as_json() for one in entries])

    async def stats(self, request: Request) -> Response:
        """Counts of requests, by shape and by status."""
        parts = [post.journal.stats() for post in self.chosen(request)]
        total = parts[0]
        for part in parts[1:]:
            total = _added(total, part)
        return answer(total)

    async def users(self, request: Request) -> Response:
        """Lists, admits (or changes) or dismisses members."""
        post = self.chosen(request)[0]
        organization = post.organization
        if request.method == "POST":
            organization.admit(member(await _object(request), {}, organization.seed.id))
        if request.method == "DELETE":
            organization.dismiss(request.query_params.get("id", ""))
        return answer([asdict(one) for one in organization.members.values()])

    async def settings(self, request: Request) -> Response:
        """Reads or sets behaviour: duplicate_status, read_only_leads, time_zone and the like."""
        posts = self.chosen(request)
        if request.method != "GET":
            changes = await _object(request)
            if "without_bulk" in changes:
                changes["without_bulk"] = set(changes["without_bulk"])
            if changes.get("time_zone", "UTC") not in available_timezones():
                raise ValueError("time_zone has to be an IANA name such as Europe/Berlin.")
            for post in posts:
                _set(post.organization.settings, changes)
        found = asdict(posts[0].organization.settings)
        return answer({**found, "without_bulk": sorted(found["without_bulk"])})


def control_routes(site: Site) -> list[Route]:
    """The routes of the control surface."""
    control = Control(site)
    plain = [
        ("health", control.health, ["GET"]),
        ("reset", control.reset, ["POST"]),
        ("limits", control.limits, ["GET", "PUT", "POST"]),
        ("latency", control.latency, ["GET", "PUT", "POST"]),
        ("faults", control.faults, ["GET", "PUT", "POST", "DELETE"]),
        ("clock", control.clock, ["GET", "PUT", "POST"]),
        ("journal", control.journal, ["GET", "DELETE"]),
        ("stats", control.stats, ["GET"]),
        ("users", control.users, ["GET", "POST", "DELETE"]),
        ("settings", control.settings, ["GET", "PUT", "POST"]),
    ]
    routes = [
        Route(f"/_emulator/{name}", _told(handler), methods=methods) for name, handler, methods in plain
    ]
    return [*routes, *row_routes(control.chosen, _told)]


def _told(handler: Handler) -> Handler:
    """A handler whose refusals are told in words."""

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except (ControlError, FaultError, ValueError) as error:
            return answer({"message": str(error)}, 400)
        except sqlite3.IntegrityError:
            message = "Rows with equal values are there already: remove them before the key is added."
            return answer({"message": message}, 409)

    return handle


async def _object(request: Request) -> dict[str, Any]:
    content = orjson.loads(await request.body() or b"{}")
    if not isinstance(content, dict):
        raise ControlError("The body must be a JSON object.")
    return content


def _set(target: Any, changes: dict[str, Any]) -> None:
    names = {one.name for one in fields(target)}
    unknown = sorted(set(changes) - names)
    if unknown:
        raise ControlError(f"Unknown: {', '.join(unknown)}. There are: {', '.join(sorted(names))}.")
    for name, value in changes.items():
        setattr(target, name, value)


def _added(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    """Two sets of counts as one."""
    found = dict(left)
    for name, value in right.items():
        if isinstance(value, dict):
            found[name] = _added(found.get(name, {}), value)
        else:
            found[name] = found.get(name, 0) + value
    return found
