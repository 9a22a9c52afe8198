"""Our client of Entra ID, against the emulator: people who sign in, and where the browser ends."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from local.sign_in import sign_in
from shared.domain.ids import DirectoryId, TenantId
from shared.domain.organization import OrganizationUrl, parse_organization_url
from shared.entra.applications import Applications
from shared.entra.credential import Secret
from shared.entra.discovery import EntraHttp
from shared.entra.sign_in import SignedIn, SignIn
from shared.transport import session
from tests.fakes import MemoryServer

ROOT = Path(__file__).parents[3]
CALLBACK = "https://service.example/api/oauth/callback"
CONTOSO = DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801")
FABRIKAM = DirectoryId("b2d94e70-35ac-4f1b-8e62-70a9c4d3e815")
CLIENT = "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d"
ORGANIZATION = parse_organization_url("https://contoso.crm4.dynamics.com")
TENANT = TenantId("contoso")
ADA = "ada.lindqvist@contoso.example"
BRUNO = "bruno.okafor@contoso.example"
GRETA = "greta.holm@fabrikam.example"


class Now:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Entra:
    """One emulator, and our own client before it."""

    address: str
    clock: Now

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = requests.request(method, f"{self.address}/_emulator/{path}", json=body, timeout=180)
        assert answer.status_code == 200, answer.text
        content: dict[str, Any] = answer.json()
        return content

    def session(self) -> requests.Session:
        return session({"login.microsoftonline.com": self.address})

    def applications(self, secret: str = "local-development-only") -> Applications:
        made = self.session()
        return Applications(CLIENT, Secret(secret), EntraHttp(lambda: made, self.clock))

    def sign_in(self) -> SignIn:
        return SignIn(self.applications(), CALLBACK)

    def answer(self, url: str, email: str, **how: Any) -> dict[str, str]:
        """What comes back to the callback after this person pressed the buttons."""
        with requests.Session() as browser:
            browser.mount("https://service.example", MemoryServer(lambda _: (200, b"")))
            response = sign_in(url, email, session=browser, **how)
        return dict(parse_qsl(urlsplit(response.url).query))

    def signed_in(self, email: str = ADA, organization: OrganizationUrl = ORGANIZATION) -> SignedIn:
        """This person, signed in to Contoso."""
        client = self.sign_in()
        begun = client.begin(organization, CONTOSO, state="s")
        answer = self.answer(begun.authorization_url, email)
        return client.redeem(organization, CONTOSO, flow=begun.flow, answer=answer)

    def token_calls(self) -> int:
        """How many tokens were asked for since the journal was cleared."""
        return sum(each["path"].endswith("/token") for each in self.control("GET", "journal")["items"])


def start_emulator() -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "local.emulators.entra", "--port", "0", "--redirect-uri", CALLBACK]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[-1]


def end_emulator(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(120)
    assert process.stdout is not None
    process.stdout.close()
