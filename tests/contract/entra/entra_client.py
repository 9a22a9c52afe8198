"""What the tests of the Entra ID emulator do with it."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from local.sign_in import sign_in

ROOT = Path(__file__).parents[3]
LOGIN = "https://login.microsoftonline.com"
CONTOSO = "6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801"
FABRIKAM = "b2d94e70-35ac-4f1b-8e62-70a9c4d3e815"
CLIENT = "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d"
SCOPE = "https://contoso.crm4.dynamics.com/user_impersonation"
ADA = "ada.lindqvist@contoso.example"


class Reroute(HTTPAdapter):
    """Sends requests for Entra's host to the emulator, with the host's own name."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.headers["Host"] = parts.netloc
        request.url = self._address + parts._replace(scheme="", netloc="").geturl()
        return super().send(request, *args, **kwargs)


@dataclass(frozen=True)
class Entra:
    """One emulator and what tests do with it."""

    address: str
    callback: str

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = requests.request(method, f"{self.address}/_emulator/{path}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    def session(self) -> requests.Session:
        session = requests.Session()
        session.mount(LOGIN, Reroute(self.address))
        return session

    def token(self, tenant: str = CONTOSO, **form: str) -> requests.Response:
        fields = {"client_id": CLIENT, "client_secret": "local-development-only"} | form
        return self.session().post(f"{LOGIN}/{tenant}/oauth2/v2.0/token", data=fields, timeout=60)

    def authorize_url(self, tenant: str = CONTOSO, **parameters: str) -> str:
        query = {
            "client_id": CLIENT,
            "response_type": "code",
            "redirect_uri": self.callback,
            "scope": f"{SCOPE} openid profile offline_access",
            "state": "the state",
        } | parameters
        address = f"{self.address}/{tenant}/oauth2/v2.0/authorize"
        return requests.Request("GET", address, params=query).prepare().url or ""

    def sign_in(self, email: str = ADA, tenant: str = CONTOSO, **parameters: str) -> dict[str, str]:
        answer: dict[str, str] = sign_in(self.authorize_url(tenant, **parameters), email).json()
        return answer

    def redeem(self, code: str, **form: str) -> requests.Response:
        return self.token(
            **{"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback} | form
        )

    def refresh(self, refresh_token: str, **form: str) -> requests.Response:
        return self.token(**{"grant_type": "refresh_token", "refresh_token": refresh_token} | form)


def start_emulator(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "local.emulators.entra", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("listening on "), line
    return process, line.split()[-1]


def end_emulator(process: subprocess.Popen[str]) -> int:
    process.terminate()
    process.communicate(timeout=180)
    return process.returncode
