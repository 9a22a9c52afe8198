"""`/{tenant}/oauth2/v2.0/authorize` and `/{tenant}/v2.0/adminconsent`: where a browser arrives."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from local.emulators.entra.answers import RESPONSE_MODES, answer_error, is_registered
from local.emulators.entra.directory import Application
from local.emulators.entra.emulator import Emulator, Tenancy, emulator_of, incident_of
from local.emulators.entra.errors import EntraError
from local.emulators.entra.flow import Flow, FlowKind
from local.emulators.entra.handlers.sign_in import account_page, error_page, signed_in_user
from local.emulators.entra.scopes import parse_scope
from local.emulators.entra.visit import Visit

_PROMPTS = frozenset({"", "login", "none", "consent", "select_account"})
# An S256 challenge is the base64url of 32 bytes; a plain one is the verifier itself (RFC 7636).
_S256_SIZE = 43
_PLAIN_SIZES = range(43, 129)


async def authorize(request: Request) -> Response:
    """Check the request, then show the sign-in page, or answer at once where prompt=none asks for that."""
    emulator = emulator_of(request)
    try:
        flow = _begin(emulator, request, FlowKind.AUTHORIZE)
    except EntraError as error:
        return error_page(request, error)
    try:
        _check_authorization(request.query_params, flow)
        if flow.prompt == "none":
            return _answer_silently(request, flow)
        return account_page(request, flow)
    except EntraError as error:
        return answer_error(emulator.pages, flow, error, incident_of(request))


async def admin_consent(request: Request) -> Response:
    """Show the sign-in page of the admin-consent flow."""
    emulator = emulator_of(request)
    try:
        flow = _begin(emulator, request, FlowKind.ADMIN_CONSENT)
        _check_admin_consent(flow)
    except EntraError as error:
        return error_page(request, error)
    return account_page(request, flow)


def _begin(emulator: Emulator, request: Request, kind: FlowKind) -> Flow:
    """The flow of a request; its errors belong on a page, as the redirect address is not trusted yet."""
    query = request.query_params
    tenancy = emulator.tenancy(request.path_params["tenant"])
    application = emulator.application(query.get("client_id", ""), tenancy)
    _check_redirect_uri(query, application)
    mode = query.get("response_mode") or "query"
    if mode not in RESPONSE_MODES:
        raise EntraError(70007, response_mode=mode)
    return _flow(query, tenancy, kind, mode)


def _flow(query: Mapping[str, str], tenancy: Tenancy, kind: FlowKind, mode: str) -> Flow:
    return Flow(
        kind=kind,
        tenant=tenancy.segment,
        client_id=query["client_id"].lower(),
        redirect_uri=query["redirect_uri"],
        scope=query.get("scope", ""),
        state=query.get("state", ""),
        response_mode=mode,
        nonce=query.get("nonce", ""),
        challenge=query.get("code_challenge", ""),
        challenge_method=query.get("code_challenge_method", "plain"),
        prompt=query.get("prompt", ""),
        login_hint=query.get("login_hint", ""),
        domain_hint=query.get("domain_hint", ""),
        wants_client_info=query.get("client_info") == "1",
    )


def _check_redirect_uri(query: Mapping[str, str], application: Application) -> None:
    redirect_uri = query.get("redirect_uri", "")
    if not redirect_uri:
        raise EntraError(900144, parameter="redirect_uri")
    if not is_registered(application, redirect_uri):
        raise EntraError(50011, redirect_uri=redirect_uri, client_id=application.id)


def _check_authorization(query: Mapping[str, str], flow: Flow) -> None:
    """Refuse what the redirect address may be told about."""
    response_type = query.get("response_type", "")
    if not response_type:
        raise EntraError(900144, parameter="response_type")
    if response_type != "code":
        raise EntraError(700054, response_type=response_type)
    if flow.prompt not in _PROMPTS:
        raise EntraError(90100, parameter="prompt")
    parse_scope(flow.scope)
    _check_challenge(flow)


def _check_admin_consent(flow: Flow) -> None:
    if flow.tenant == "common":
        raise EntraError(90100, parameter="tenant ('common' cannot give admin consent)")
    parse_scope(flow.scope)


def _check_challenge(flow: Flow) -> None:
    if flow.challenge_method not in {"S256", "plain"}:
        raise EntraError(90100, parameter="code_challenge_method")
    sizes = {_S256_SIZE} if flow.challenge_method == "S256" else _PLAIN_SIZES
    if flow.challenge and len(flow.challenge) not in sizes:
        raise EntraError(50147)


def _answer_silently(request: Request, flow: Flow) -> Response:
    """A code for whoever is signed in already, or the error that says what a person would have to do."""
    emulator = emulator_of(request)
    user = signed_in_user(request)
    if user is None:
        raise EntraError(50058)
    visit = Visit(
        emulator=emulator,
        incident=incident_of(request),
        flow=flow.signed_in(user),
        application=emulator.application(flow.client_id, emulator.tenancy(flow.tenant)),
        user=user,
        directory=emulator.home_directory(user.id),
    )
    try:
        visit.check_person()
    except EntraError as error:
        return answer_error(emulator.pages, flow, error, visit.incident, name="login_required")
    obstacle = _obstacle(visit)
    if obstacle:
        return answer_error(emulator.pages, flow, obstacle, visit.incident, name="interaction_required")
    return visit.finish()


def _obstacle(visit: Visit) -> EntraError | None:
    if visit.needs_mfa():
        return EntraError(50076, resource=visit.flow.scope)
    if visit.missing_consents():
        return EntraError(65001, client_id=visit.application.id, name=visit.application.name)
    return None
