"""The portal's side of a sign-in at the callers' issuer, without a browser."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from local.html_forms import Page

RETURN = "http://127.0.0.1:5050/signed-in"
VERIFIER = "a-verifier-of-at-least-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
_USUAL = {
    "client_id": "portal",
    "response_type": "code",
    "redirect_uri": RETURN,
    "scope": "openid profile email offline_access",
    "state": "the state",
    "nonce": "the nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass
class PortalBrowser:
    """One browser profile at one emulator."""

    entra: str
    session: requests.Session

    def authorize(self, **changed: str | None) -> requests.Response:
        query = {name: value for name, value in (_USUAL | changed).items() if value is not None}
        return self._get("authorize", query)

    def sign_out(self, **query: str) -> requests.Response:
        return self._get("logout", query)

    def press(self, page: requests.Response, user: str, button: str = "Sign in") -> requests.Response:
        form = Page(page.text).forms[0]
        assert form.choose("user", user)
        content = form.content(next(one for one in form.buttons if one.label == button))
        return self.session.post(self.entra + form.action, content, allow_redirects=False, timeout=60)

    def code(self, user: str = "contoso/ada", **changed: str | None) -> str:
        return returned(self.press(self.authorize(**changed), user))["code"]

    def token(self, **form: str) -> requests.Response:
        fields = {
            "client_id": "portal",
            "grant_type": "authorization_code",
            "redirect_uri": RETURN,
            "code_verifier": VERIFIER,
        }
        return self.session.post(f"{self.entra}/callers/token", fields | form, timeout=60)

    def _get(self, path: str, query: dict[str, str]) -> requests.Response:
        return self.session.get(
            f"{self.entra}/callers/{path}", params=query, allow_redirects=False, timeout=60
        )


def returned(answer: requests.Response) -> dict[str, str]:
    """The parameters with which the browser is sent back to the portal."""
    assert answer.status_code == 302, answer.text
    target = answer.headers["Location"]
    assert target.startswith(RETURN + "?")
    return dict(parse_qsl(urlsplit(target).query))


def tokens(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content
