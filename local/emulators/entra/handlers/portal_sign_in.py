"""`/callers/authorize` and `/callers/logout`: where the portal sends a browser to sign in and out."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from local.emulators.entra.directory import Caller
from local.emulators.entra.emulator import Emulator, emulator_of
from local.emulators.entra.forms import read_form
from local.emulators.entra.portal import (
    PortalFlow,
    is_own_origin,
    person_of,
    problem_of_client,
    problem_of_request,
)

CODE = "portal-code."
_FLOW = "portal-flow."
_SESSION = "portal-session."
_COOKIE = "callers_session"
CODE_SECONDS = 60
_SESSION_SECONDS = 8 * 3600


async def authorize(request: Request) -> Response:
    """Ask who signs in; whoever has signed in before goes straight on, and prompt=none asks nobody."""
    query = request.query_params
    if problem := problem_of_client(query):
        return _page_of_error(request, problem)
    flow = PortalFlow.of(query)
    if wrong := problem_of_request(query):
        return _return(flow, {"error": wrong[0], "error_description": wrong[1]})
    person = _signed_in(request)
    if person is not None and query.get("prompt", "none") == "none":
        return _finish(emulator_of(request), flow, person)
    if query.get("prompt") == "none":
        return _return(flow, {"error": "login_required", "error_description": "Nobody is signed in."})
    return _page_of_people(request, flow)


async def choose(request: Request) -> Response:
    """Go back to the portal with a code for the chosen person."""
    emulator = emulator_of(request)
    form = await read_form(request)
    content = emulator.seal.open(_FLOW, form.get("flow", ""))
    if content is None:
        return _page_of_error(request, "This sign-in page is not valid any more; begin again at the portal.")
    flow = PortalFlow(**content)
    if form.get("action") == "cancel":
        return _return(flow, {"error": "access_denied", "error_description": "The person cancelled."})
    person = person_of(emulator.world, form.get("user"))
    return _finish(emulator, flow, person) if person else _page_of_people(request, flow)


async def sign_out(request: Request) -> Response:
    """End the session, and go back to the portal where the request names an address of this machine."""
    target = request.query_params.get("post_logout_redirect_uri", "")
    if target and not is_own_origin(target):
        return _page_of_error(request, "post_logout_redirect_uri has to be on this machine.")
    state = request.query_params.get("state")
    response = (
        _redirect(f"{target}?{urlencode({'state': state})}" if state else target)
        if target
        else emulator_of(request).pages.show("signed_out")
    )
    response.delete_cookie(_COOKIE, path="/callers", httponly=True, samesite="lax")
    return response


def _signed_in(request: Request) -> Caller | None:
    emulator = emulator_of(request)
    session = emulator.seal.open(_SESSION, request.cookies.get(_COOKIE, ""))
    if session is None or session["until"] < emulator.clock.now():
        return None
    return person_of(emulator.world, session["user"])


def _finish(emulator: Emulator, flow: PortalFlow, person: Caller) -> Response:
    """Back to the portal with a code; the browser remembers who signed in."""
    now, user = emulator.clock.now(), f"{person.tenant}/{person.id}"
    code = emulator.seal.close(
        CODE, {"user": user, "until": now + CODE_SECONDS, "flow": json.dumps(flow.to_json())}
    )
    response = _return(flow, {"code": code})
    session = emulator.seal.close(_SESSION, {"user": user, "until": now + _SESSION_SECONDS})
    response.set_cookie(_COOKIE, session, path="/callers", httponly=True, samesite="lax")
    return response


def _return(flow: PortalFlow, parameters: Mapping[str, str]) -> Response:
    content = {**parameters, **({"state": flow.state} if flow.state else {})}
    return _redirect(f"{flow.redirect_uri}?{urlencode(content)}")


def _redirect(target: str) -> Response:
    return RedirectResponse(target, status_code=302, headers={"Cache-Control": "no-store"})


def _page_of_people(request: Request, flow: PortalFlow) -> Response:
    emulator = emulator_of(request)
    tenants: dict[str, list[Caller]] = {}
    for caller in emulator.world.callers:
        tenants.setdefault(caller.tenant, []).append(caller)
    return emulator.pages.show("callers", tenants=tenants, flow=emulator.seal.close(_FLOW, flow.to_json()))


def _page_of_error(request: Request, sentence: str) -> Response:
    return emulator_of(request).pages.show("callers_error", status=400, sentence=sentence)
