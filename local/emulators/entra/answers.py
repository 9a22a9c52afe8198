"""Answers to the application's redirect address, in the response mode it asked for."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from local.emulators.entra.directory import Application
from local.emulators.entra.errors import EntraError, Incident
from local.emulators.entra.flow import Flow, FlowKind
from local.emulators.entra.pages import Pages

RESPONSE_MODES = frozenset({"query", "fragment", "form_post"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


def is_registered(application: Application, redirect_uri: str) -> bool:
    """Whether the application may return there: exactly, but for the port of a loopback address."""
    return any(_comparable(known) == _comparable(redirect_uri) for known in application.redirect_uris)


def answer(pages: Pages, flow: Flow, parameters: dict[str, str]) -> Response:
    """Send the browser back with these parameters and the application's state."""
    content = parameters | ({"state": flow.state} if flow.state else {})
    if flow.response_mode == "form_post":
        return pages.show("post", action=flow.redirect_uri, fields=content)
    # "Redirect URI (reply URL) restrictions and limitations": one without a path gets a slash.
    target = flow.redirect_uri + ("" if urlsplit(flow.redirect_uri).path else "/")
    if flow.response_mode == "fragment":
        return _redirect(f"{target}#{urlencode(content)}")
    return _redirect(f"{target}{'&' if urlsplit(target).query else '?'}{urlencode(content)}")


def answer_error(
    pages: Pages, flow: Flow, error: EntraError, incident: Incident, *, name: str | None = None
) -> Response:
    """Send the browser back with an error; `name` replaces the OAuth error of the token endpoint."""
    parameters: dict[str, Any] = {
        "error": name or error.refusal.error,
        "error_description": incident.describe(error),
    }
    if flow.kind is FlowKind.ADMIN_CONSENT:
        # "Admin consent on the Microsoft identity platform": True also where consent was refused.
        parameters["admin_consent"] = "True"
    elif error.refusal.error == "access_denied":
        parameters["error_subcode"] = "cancel"
    return answer(pages, flow, parameters)


def _redirect(target: str) -> Response:
    return RedirectResponse(target, status_code=302, headers={"Cache-Control": "no-store, no-cache"})


def _comparable(uri: str) -> str:
    parts = urlsplit(uri)
    # Same page, "Localhost exceptions": the port of a loopback address is not compared.
    return parts._replace(netloc=parts.hostname).geturl() if parts.hostname in _LOOPBACK else uri
