"""/oauth/...: the pages that a browser opens without a caller's token."""

import secrets
from collections.abc import Callable, Collection

import azure.functions as func

from functions.connect.addresses import with_confirmation, with_result
from functions.connect.approvals import Approvals, Waiting
from functions.connect.browser import check_navigation
from functions.connect.callback import Callback, Ended
from functions.connect.page import Shown, page, policy
from functions.http import Api, Parameter, Reply, Request, Who, status_of
from shared.domain.errors import Conflict, Forbidden, InvalidRequest, ServiceError, Transient

_TAG = "Connection"
_HTML = "text/html; charset=utf-8"
_STILL_WAITING = (
    "An administrator of your directory has to approve this application first. The link was shown before."
)


def callback_blueprint(
    api: Api,
    callback: Callback,
    approvals: Approvals,
    portal_origins: Collection[str],
    *,
    new_nonce: Callable[[], str] = secrets.token_urlsafe,
) -> func.Blueprint:
    """The operations to which Entra ID returns, and through which an administrator approves."""
    routes = func.Blueprint()

    def shown(content: Shown, error: ServiceError | None = None) -> Reply:
        nonce = new_nonce()
        return Reply(
            body=page(content, origins=portal_origins, nonce=nonce),
            status=200 if error is None else status_of(type(error)),
            media_type=_HTML,
            headers={"Content-Security-Policy": policy(nonce)},
        )

    _register_callback(api, routes, callback, shown)
    _register_approval(api, routes, approvals, shown)
    return routes


Show = Callable[[Shown, ServiceError | None], Reply]


def _register_callback(api: Api, routes: func.Blueprint, callback: Callback, show: Show) -> None:
    @api.operation(
        routes,
        name="get_oauth_callback",
        method="GET",
        path="/oauth/callback",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="Where Entra ID returns to after a sign-in",
        description="Goes on to the returnUrl of the start (303), or shows a page that tells its opener. "
        "Where sign-ins have to be confirmed, the opener, or the fragment of the returnUrl, gets the code.",
        answer_types=("text/html",),
        page=True,
        errors=(InvalidRequest, Conflict, Forbidden, Transient),
    )
    def get_oauth_callback(request: Request[None]) -> Reply:
        check_navigation(request.headers)
        return _ended(callback.end(request.query), show)


def _register_approval(api: Api, routes: func.Blueprint, approvals: Approvals, show: Show) -> None:
    @api.operation(
        routes,
        name="get_oauth_approval",
        method="GET",
        path="/oauth/approval",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="Where an administrator approves for all users of the directory",
        description="The link that a user sent. Goes on to Microsoft's consent page (303).",
        query=(Parameter("link", "The secret of the link."),),
        answer_types=("text/html",),
        page=True,
        errors=(InvalidRequest, Conflict, Transient),
    )
    def get_oauth_approval(request: Request[None]) -> Reply:
        check_navigation(request.headers)
        try:
            return _go(approvals.open(request.query.get("link", "")))
        except ServiceError as error:
            return show(Shown(ok=False, code=error.code, message=error.message), error)

    @api.operation(
        routes,
        name="get_oauth_waiting",
        method="GET",
        path="/oauth/waiting",
        tag=_TAG,
        who=Who.ANYBODY,
        summary="Where a sign-in waits for an approval, and goes on by itself",
        description="Goes on to the sign-in (303) once an administrator has approved; a page until then.",
        query=(Parameter("ticket", "The secret of the waiting page."),),
        answer_types=("text/html",),
        page=True,
        errors=(InvalidRequest, Transient),
    )
    def get_oauth_waiting(request: Request[None]) -> Reply:
        check_navigation(request.headers)
        ticket = request.query.get("ticket", "")
        try:
            url = approvals.go_on(ticket)
        except ServiceError as error:
            return show(Shown(ok=False, code=error.code, message=error.message), error)
        if url is not None:
            return _go(url)
        waiting = Waiting("", approvals.page(ticket))
        return show(
            Shown(ok=False, code="adminApprovalRequired", message=_STILL_WAITING, waiting=waiting), None
        )


def _ended(ended: Ended, show: Show) -> Reply:
    ok = ended.error is None and ended.confirmation is None
    url = ended.return_url
    if url is not None and ended.confirmation is not None:
        return _go(with_confirmation(url, code=ended.code, confirmation=ended.confirmation))
    if url is not None:
        return _go(with_result(url, ok=ok, code=ended.code))
    content = Shown(
        ok=ok,
        code=ended.code,
        message=ended.message,
        sign_in=ended.sign_in,
        confirmation=ended.confirmation,
        waiting=ended.waiting,
    )
    return show(content, ended.error)


def _go(url: str) -> Reply:
    return Reply(status=303, headers={"Location": url})
