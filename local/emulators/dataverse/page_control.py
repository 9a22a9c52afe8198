"""The page of switches: limits, latency, faults, users, rules and the way back to the first start."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from local.emulators.dataverse.faults import Action, FaultError, read_fault
from local.emulators.dataverse.limits import Limits
from local.emulators.dataverse.page_fields import FieldError, Fields
from local.emulators.dataverse.page_requests import METHODS
from local.emulators.dataverse.page_view import PageError, PageView, address
from local.emulators.dataverse.privileges import ADMINISTRATOR, READ_ONLY, SALESPERSON
from local.emulators.dataverse.site import Latency, Post

PATH: Final = "/view/_control"
LONGEST_FORM: Final = 64 * 1024
ROLES: Final = (ADMINISTRATOR, SALESPERSON, READ_ONLY)
BULK_TABLES: Final = ("lead", "account", "contact")
ACTIONS: Final = {
    Action.STATUS: "Answer with a status",
    Action.DROP_BEFORE: "Drop before the write",
    Action.DROP_AFTER: "Drop after the write",
    Action.DELAY: "Answer late",
    Action.TIMEOUT: "Never answer",
}

PRESETS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "throttled": (
        "Throttle the next request",
        {
            "action": "status",
            "status": 429,
            "code": "0x80072322",
            "message": "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
            "retryAfter": 5,
        },
    ),
    "unavailable": ("Answer 503 three times", {"action": "status", "status": 503, "times": 3}),
    "before": ("Drop before the write", {"action": "dropBefore"}),
    "after": ("Drop after the write", {"action": "dropAfter"}),
    "deadlock": (
        "SQL deadlock",
        {"action": "status", "status": 500, "code": "0x80044150", "message": "Sql error: Generic SQL error."},
    ),
    "late": ("Answer five seconds late", {"action": "delay", "seconds": 5}),
}


class SwitchBoard:
    """What each form does; a FieldError or FaultError says in words why it cannot be done."""

    def __init__(self) -> None:
        self.actions: dict[str, Callable[[Post, Fields], str]] = {
            "limits": self.limits,
            "latency": self.latency,
            "fault": self.fault,
            "preset": self.preset,
            "faults-cleared": self.clear_faults,
            "user": self.user,
            "rules": self.rules,
            "reset": self.reset,
        }

    def limits(self, post: Post, fields: Fields) -> str:
        """The service protection limits; counting starts anew."""
        if fields.ticked("usual"):
            post.guard.limits = Limits()
        else:
            post.guard.limits = Limits(
                requests=fields.whole_or_none("requests", "Requests"),
                seconds=fields.number_or_none("seconds", "Execution time"),
                concurrent=fields.whole_or_none("concurrent", "At once"),
                window=fields.whole("window", "Window", least=1),
                concurrency_retry_after=fields.whole("concurrency_retry_after", "Retry-After", least=1),
            )
        post.guard.forget()
        return "The limits are set, and counting starts anew."

    def latency(self, post: Post, fields: Fields) -> str:
        """What a request and a record take beyond the emulator's own time."""
        request = fields.number("request", "Each request") / 1000
        post.latency = Latency(request, fields.number("record", "Each record") / 1000)
        return "The latency is set."

    def fault(self, post: Post, fields: Fields) -> str:
        """One more fault."""
        order = {name: fields.text(name) for name in ("action", "method", "path", "code", "message")}
        numbers = {
            "after": fields.whole("after", "Let pass first"),
            "times": fields.whole("times", "Then hit", least=1),
            "status": fields.whole("status", "Status", least=400, most=599),
            "seconds": fields.number("seconds", "Seconds"),
            "retryAfter": fields.whole_or_none("retryAfter", "Retry-After"),
        }
        post.faults.orders.append(read_fault(order | numbers))
        return "The fault is ordered."

    def preset(self, post: Post, fields: Fields) -> str:
        """A usual fault."""
        chosen = PRESETS.get(fields.text("which"))
        if chosen is None:
            raise FieldError("There is no such usual fault. Choose one of the buttons.")
        label, order = chosen
        post.faults.orders.append(read_fault({**order, "path": fields.text("path")}))
        return f"Ordered: {label}."

    def clear_faults(self, post: Post, _: Fields) -> str:
        """No faults any more."""
        post.faults.orders.clear()
        return "All faults are cleared."

    def user(self, post: Post, fields: Fields) -> str:
        """One user's role, and whether the user is enabled."""
        member = post.organization.members.get(fields.text("key"))
        if member is None:
            raise FieldError("This user is no longer here. Choose one of the list.")
        role = fields.text("role")
        roles = (role,) if role in ROLES else () if not role else member.roles
        post.organization.admit(replace(member, enabled=fields.ticked("enabled"), roles=roles))
        return f"{member.name} is changed."

    def rules(self, post: Post, fields: Fields) -> str:
        """Behaviour that differs between organizations."""
        settings = post.organization.settings
        missing = {name for name in BULK_TABLES if not fields.ticked(f"bulk_{name}")}
        post.organization.settings = replace(
            settings,
            duplicate_status=fields.whole("duplicate_status", "Status of duplicates", least=400, most=599),
            read_only_leads=fields.ticked("read_only_leads"),
            degree_of_parallelism=fields.whole("degree_of_parallelism", "Recommended parallelism", least=1),
            without_bulk=settings.without_bulk - set(BULK_TABLES) | missing,
            history_entries=fields.whole("history_entries", "History"),
        )
        return "The rules are set."

    def reset(self, post: Post, fields: Fields) -> str:
        """The state of the first start, where the form confirms it."""
        if not fields.ticked("confirmed"):
            raise FieldError("Tick the box first: a reset removes every row of this organization.")
        post.reset()
        return "Everything is as at the first start."


def control_page_routes(view: PageView) -> list[Route]:
    """The routes of the page and of its forms; they come before those of tables."""
    board = SwitchBoard()

    async def shown(request: Request) -> Response:
        return _page(view, request, done=request.query_params.get("done", ""))

    async def posted(request: Request) -> Response:
        if _from_elsewhere(request):
            return _page(
                view, request, problem="Another site's form cannot change this emulator.", status=403
            )
        action = board.actions.get(request.path_params["action"])
        if action is None:
            return view.missing(request, PageError("There is no such switch."))
        body = (await request.body())[:LONGEST_FORM]
        fields = Fields(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True))
        try:
            done = action(view.source(request).post, fields)
        except (FieldError, FaultError) as error:
            return _page(view, request, problem=str(error), status=400)
        chosen = request.query_params.get("organization")
        return RedirectResponse(address(PATH, chosen, {"done": done}), status_code=303)

    return [
        Route(PATH, shown, methods=["GET"]),
        Route(PATH + "/{action}", posted, methods=["POST"]),
    ]


def _page(
    view: PageView, request: Request, *, done: str = "", problem: str = "", status: int = 200
) -> Response:
    post = view.source(request).post
    return view.show(
        "control",
        request,
        status=status,
        done=done,
        problem=problem,
        post=post,
        limits=post.guard.limits,
        settings=post.organization.settings,
        members=post.organization.members,
        roles=ROLES,
        action_texts=ACTIONS,
        named_roles=[(role, role) for role in ROLES],
        named_actions=[(str(action), text) for action, text in ACTIONS.items()],
        named=[(method, method) for method in METHODS],
        presets=PRESETS,
        bulk_tables=[name for name in BULK_TABLES if name in post.organization.tables],
    )


def _from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sent the form."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    return request.headers.get("sec-fetch-site", "same-origin") == "cross-site"
