"""The portal's side of `/callers/token`: tokens for a code with its PKCE verifier, or for a refresh token."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.emulators.entra.directory import Caller
from local.emulators.entra.emulator import Emulator, emulator_of
from local.emulators.entra.forms import read_form
from local.emulators.entra.handlers.portal_sign_in import CODE, CODE_SECONDS
from local.emulators.entra.portal import CLIENT_ID, PortalFlow, is_own_origin, person_of
from local.emulators.entra.tokens import Moment, caller_token

_REFRESH = "portal-refresh."
_LIFETIME = 3600
_REFRESH_SECONDS = 24 * 3600


class _Refused(Exception):
    """An OAuth error, and its sentence."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error


def readable_by(request: Request) -> dict[str, str]:
    """The headers that let a page of this machine read the answer."""
    origin = request.headers.get("origin", "")
    allowed = {"Access-Control-Allow-Origin": origin} if is_own_origin(origin) else {}
    return {"Vary": "Origin", **allowed}


async def preflight(request: Request) -> Response:
    """A browser's question whether the portal may ask for tokens."""
    headers = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type"}
    return Response(status_code=204, headers=readable_by(request) | headers)


async def token(request: Request, issuer: str) -> Response:
    """Access, ID and refresh token, or an OAuth error."""
    emulator = emulator_of(request)
    form = await read_form(request)
    headers = readable_by(request) | {"Cache-Control": "no-store"}
    try:
        person, flow = _granted(emulator, form)
    except _Refused as refused:
        content = {"error": refused.error, "error_description": str(refused)}
        return JSONResponse(content, status_code=400, headers=headers)
    return JSONResponse(_tokens(emulator, issuer, person, flow), headers=headers)


def _granted(emulator: Emulator, form: Mapping[str, str]) -> tuple[Caller, PortalFlow]:
    if form.get("client_id") != CLIENT_ID:
        raise _Refused("invalid_client", f"client_id has to be '{CLIENT_ID}'.")
    grant = form.get("grant_type")
    if grant == "authorization_code":
        return _by_code(emulator, form)
    if grant == "refresh_token":
        return _opened(emulator, _REFRESH, form.get("refresh_token", ""))
    raise _Refused("unsupported_grant_type", "grant_type has to be authorization_code or refresh_token.")


def _by_code(emulator: Emulator, form: Mapping[str, str]) -> tuple[Caller, PortalFlow]:
    code = form.get("code", "")
    person, flow = _opened(emulator, CODE, code)
    now = emulator.clock.now()
    if form.get("redirect_uri") != flow.redirect_uri:
        raise _Refused("invalid_grant", "redirect_uri is not the one that the sign-in began with.")
    if not flow.proves(form.get("code_verifier", "")):
        raise _Refused("invalid_grant", "code_verifier does not fit the code_challenge (PKCE).")
    used = hashlib.sha256(code.encode()).hexdigest()
    if not emulator.ledger.spend(used, until=now + CODE_SECONDS, now=now):
        raise _Refused("invalid_grant", "This code was redeemed before.")
    return person, flow


def _opened(emulator: Emulator, prefix: str, sealed: str) -> tuple[Caller, PortalFlow]:
    content = emulator.seal.open(prefix, sealed)
    if content is None or content["until"] < emulator.clock.now():
        raise _Refused("invalid_grant", "This code or token is unknown or too old; sign in again.")
    person = person_of(emulator.world, content["user"])
    if person is None:
        raise _Refused("invalid_grant", "This person does not exist any more.")
    return person, PortalFlow(**json.loads(content["flow"]))


def _tokens(emulator: Emulator, issuer: str, person: Caller, flow: PortalFlow) -> dict[str, Any]:
    now = emulator.clock.now()
    claims = caller_token(person, issuer, Moment(now, _LIFETIME), is_admin=person.is_admin)
    nonce = {"nonce": flow.nonce} if flow.nonce else {}
    answer = {
        "access_token": emulator.caller_keys.sign(claims),
        "id_token": emulator.caller_keys.sign(claims | {"aud": CLIENT_ID} | nonce),
        "token_type": "Bearer",
        "expires_in": _LIFETIME,
        "scope": flow.scope,
    }
    if "offline_access" not in flow.scope.split():
        return answer
    kept = {
        "user": f"{person.tenant}/{person.id}",
        "until": now + _REFRESH_SECONDS,
        "flow": json.dumps(flow.to_json()),
    }
    return answer | {"refresh_token": emulator.seal.close(_REFRESH, kept)}
