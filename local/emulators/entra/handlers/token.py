"""`/{tenant}/oauth2/v2.0/token`: codes, refresh tokens and client credentials become tokens."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.clients import authenticate, with_basic_credentials
from local.emulators.entra.directory import Application, User
from local.emulators.entra.emulator import Emulator, Tenancy, emulator_of, incident_of
from local.emulators.entra.errors import EntraError, Incident, stamp
from local.emulators.entra.forms import read_form
from local.emulators.entra.grants import (
    CODE_LIFETIME,
    REFRESH_LIFETIME,
    Code,
    RefreshToken,
    open_code,
    open_refresh_token,
)
from local.emulators.entra.issue import SignIn, issue_application_token, issue_user_tokens

_NO_STORE = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request of an application that proved who it is."""

    emulator: Emulator
    tenancy: Tenancy
    application: Application
    form: dict[str, str]
    by_assertion: bool

    def required(self, parameter: str) -> str:
        """A field that has to be there."""
        value = self.form.get(parameter, "")
        if not value:
            raise EntraError(900144, parameter=parameter)
        return value


async def token(request: Request) -> Response:
    """Answer a token request, or say in Entra's form why not."""
    try:
        return JSONResponse(await _answer(request), headers=_NO_STORE)
    except EntraError as error:
        request.state.notes["error"] = error.code
        return refusal(error, incident_of(request))


def refusal(error: EntraError, incident: Incident) -> Response:
    """An error as the token endpoint says it."""
    return JSONResponse(incident.body(error), status_code=error.refusal.status, headers=_NO_STORE)


async def _answer(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        raise EntraError(900561, accepted="POST, OPTIONS", received=request.method)
    emulator = emulator_of(request)
    tenancy = emulator.tenancy(request.path_params["tenant"])
    form = with_basic_credentials(await read_form(request), request.headers.get("authorization", ""))
    request.state.notes.update(
        {name: form[name] for name in ("grant_type", "client_id", "scope") if name in form}
    )
    grant_type = form.get("grant_type", "")
    if not grant_type:
        raise EntraError(900144, parameter="grant_type")
    if grant_type not in _GRANTS:
        raise EntraError(70003, grant_type=grant_type)
    application = emulator.application(form.get("client_id", ""), tenancy)
    by_assertion = authenticate(emulator, application, form)
    return _GRANTS[grant_type](Call(emulator, tenancy, application, form, by_assertion))


def _redeem_code(call: Call) -> dict[str, Any]:
    code = open_code(call.emulator.seal, call.required("code"))
    if code is None or code.client_id != call.application.id:
        raise EntraError(70000)
    if code.redirect_uri != call.required("redirect_uri"):
        raise EntraError(50011, redirect_uri=call.form["redirect_uri"], client_id=call.application.id)
    if code.tenant != call.tenancy.segment:
        raise EntraError(700005)
    _check_verifier(code, call.form.get("code_verifier", ""))
    now, end = call.emulator.clock.now(), code.signed_in + CODE_LIFETIME
    if now > end:
        raise EntraError(70008)
    if not call.emulator.ledger.spend(code.id, until=end, now=now):
        raise EntraError(54005)
    user = _valid_user(call, code.user, code.signed_in)
    sign_in = SignIn(user, call.application, mfa=code.mfa, signed_in=code.signed_in, nonce=code.nonce)
    return issue_user_tokens(call.emulator, sign_in, _scope(call, code.scope), call.form)


def _check_verifier(code: Code, verifier: str) -> None:
    if not code.challenge:
        return
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    presented = digest if code.challenge_method == "S256" else verifier
    if not hmac.compare_digest(presented.encode(), code.challenge.encode()):
        raise EntraError(501481)


def _refresh(call: Call) -> dict[str, Any]:
    grant = open_refresh_token(call.emulator.seal, call.required("refresh_token"))
    if grant is None or grant.client_id != call.application.id:
        raise EntraError(70000)
    now, end = call.emulator.clock.now(), grant.issued + REFRESH_LIFETIME
    if now > end:
        raise EntraError(700082, issued=stamp(grant.issued))
    user = _valid_user(call, grant.user, grant.signed_in)
    if call.emulator.ledger.person(user).mfa_required and not grant.mfa:
        raise EntraError(50076, resource=_scope(call, grant.scope))
    _rotate(call, grant, end)
    sign_in = SignIn(user, call.application, mfa=grant.mfa, signed_in=grant.signed_in, by_refresh_token=True)
    return issue_user_tokens(call.emulator, sign_in, _scope(call, grant.scope), call.form)


def _rotate(call: Call, grant: RefreshToken, end: float) -> None:
    """Entra lets a used refresh token live on; under strict rotation its second use is refused."""
    ledger = call.emulator.ledger
    if ledger.settings.strict_rotation and not ledger.spend(
        grant.id, until=end, now=call.emulator.clock.now()
    ):
        raise EntraError(70000)


def _valid_user(call: Call, user_id: str, signed_in: float) -> User:
    """The person of a grant; refuses one who is disabled or blocked, or whose grants were revoked since."""
    user = call.emulator.world.user(user_id)
    if user is None:
        raise EntraError(70000)
    if not call.emulator.ledger.is_enabled(user):
        raise EntraError(50057)
    if call.emulator.ledger.person(user).blocked_by_policy:
        raise EntraError(53003)
    valid_from = call.emulator.ledger.person(user).tokens_valid_from
    if signed_in < valid_from:
        raise EntraError(50173, issued=stamp(signed_in), valid_from=stamp(valid_from))
    directory = call.tenancy.directory
    if directory and directory.id != user.directory:
        raise EntraError(
            50020,
            email=user.email,
            home=user.directory,
            tenant=directory.name,
            client_id=call.application.id,
        )
    return user


def _scope(call: Call, agreed: str) -> str:
    return call.form.get("scope") or agreed


def _client_credentials(call: Call) -> dict[str, Any]:
    if call.tenancy.directory is None:
        raise EntraError(9001023) if call.tenancy.segment == "common" else EntraError(50059)
    return issue_application_token(
        call.emulator,
        call.tenancy.directory,
        call.application,
        call.required("scope"),
        by_assertion=call.by_assertion,
    )


_GRANTS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "authorization_code": _redeem_code,
    "refresh_token": _refresh,
    "client_credentials": _client_credentials,
}
