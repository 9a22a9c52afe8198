"""`/sign-in/...`: what the buttons of the pages do."""

from starlette.requests import Request
from starlette.responses import Response

from local.emulators.entra.answers import answer_error
from local.emulators.entra.directory import Directory, User
from local.emulators.entra.emulator import Emulator, emulator_of, incident_of
from local.emulators.entra.errors import EntraError
from local.emulators.entra.flow import Flow, FlowKind, open_flow
from local.emulators.entra.forms import read_form
from local.emulators.entra.visit import Visit

_COOKIE = "entra-emulator-session"
_SESSION_PREFIX = "session."


async def choose_account(request: Request) -> Response:
    """Accept signs the chosen person in; Cancel goes back to the application."""
    emulator = emulator_of(request)
    form = await read_form(request)
    try:
        flow = open_flow(emulator.seal, form.get("flow", ""))
        if form.get("action") == "cancel":
            return _declined(request, flow)
        user = _chosen_user(emulator, form)
        response = _visit(request, flow.signed_in(user)).next_step()
    except EntraError as error:
        return error_page(request, error)
    session = emulator.seal.close(_SESSION_PREFIX, {"user": user.id})
    response.set_cookie(_COOKIE, session, httponly=True, samesite="lax")
    return response


async def confirm_second_factor(request: Request) -> Response:
    """Accept is the tap on the phone; Cancel goes back to the application."""
    emulator = emulator_of(request)
    form = await read_form(request)
    try:
        flow = open_flow(emulator.seal, form.get("flow", ""))
        if form.get("action") != "accept":
            return _declined(request, flow)
        return _visit(request, flow.strongly_signed_in()).next_step()
    except EntraError as error:
        return error_page(request, error)


async def decide_consent(request: Request) -> Response:
    """Accept records the consent, for the whole organization where an administrator ticked that."""
    emulator = emulator_of(request)
    form = await read_form(request)
    try:
        flow = open_flow(emulator.seal, form.get("flow", ""))
        if form.get("action") != "accept":
            return _declined(request, flow)
        visit = _visit(request, flow)
        visit.check_person()
        if not visit.may_consent():
            return visit.page("approval")
        ticked = "organization" in form or flow.kind is FlowKind.ADMIN_CONSENT
        return visit.consent(for_everybody=ticked and visit.user.is_global_admin)
    except EntraError as error:
        return error_page(request, error)


async def leave_approval(request: Request) -> Response:
    """From 'Need admin approval' either to another account or back to the application."""
    emulator = emulator_of(request)
    form = await read_form(request)
    try:
        flow = open_flow(emulator.seal, form.get("flow", ""))
    except EntraError as error:
        return error_page(request, error)
    if form.get("action") == "other":
        return account_page(request, flow)
    return answer_error(emulator.pages, flow, EntraError(90094), incident_of(request))


def account_page(request: Request, flow: Flow) -> Response:
    """The page that lists who can sign in: one directory's people, or everybody."""
    emulator = emulator_of(request)
    directories = _offered_directories(emulator, flow)
    return emulator.pages.show(
        "account",
        flow=flow.sealed(emulator.seal),
        application=emulator.world.application(flow.client_id),
        directories=directories,
        chosen=_chosen(request, directories, flow.login_hint),
        for_organization=flow.kind is FlowKind.ADMIN_CONSENT,
    )


def error_page(request: Request, error: EntraError) -> Response:
    """Entra's own page for what cannot be told to the application."""
    emulator = emulator_of(request)
    request.state.notes["error"] = error.code
    return emulator.pages.show("error", status=400, message=error.message, incident=incident_of(request))


def signed_in_user(request: Request) -> User | None:
    """Who signed in earlier in this browser."""
    emulator = emulator_of(request)
    session = emulator.seal.open(_SESSION_PREFIX, request.cookies.get(_COOKIE, ""))
    return emulator.world.user(session["user"]) if session else None


def _visit(request: Request, flow: Flow) -> Visit:
    emulator = emulator_of(request)
    user = emulator.world.user(flow.user)
    if user is None:
        raise EntraError(90013, reason="Nobody has signed in on this page: go back to the application.")
    return Visit(
        emulator=emulator,
        incident=incident_of(request),
        flow=flow,
        application=emulator.application(flow.client_id, emulator.tenancy(flow.tenant)),
        user=user,
        directory=emulator.home_directory(user.id),
    )


def _chosen_user(emulator: Emulator, form: dict[str, str]) -> User:
    user = emulator.world.user(form.get("user", ""))
    if user is None:
        raise EntraError(90013, reason="Choose one of the accounts on the page.")
    return user


def _declined(request: Request, flow: Flow) -> Response:
    # The admin-consent page documents `consent_required` for the same sentence.
    name = "consent_required" if flow.kind is FlowKind.ADMIN_CONSENT else None
    emulator = emulator_of(request)
    return answer_error(emulator.pages, flow, EntraError(65004), incident_of(request), name=name)


def _offered_directories(emulator: Emulator, flow: Flow) -> tuple[Directory, ...]:
    directory = emulator.tenancy(flow.tenant).directory
    if directory:
        return (directory,)
    hinted = emulator.world.directory(flow.domain_hint) if flow.domain_hint else None
    return (hinted,) if hinted else emulator.world.directories


def _chosen(request: Request, directories: tuple[Directory, ...], login_hint: str) -> str:
    """Whose radio button is on: the hinted person, the one who signed in last, or the first."""
    offered = [user for directory in directories for user in directory.users]
    last = signed_in_user(request)
    for name in (login_hint.lower(), last.email.lower() if last else ""):
        if any(user.email.lower() == name for user in offered):
            return name
    return offered[0].email.lower()
