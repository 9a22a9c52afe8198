"""A stack of its own for connecting: these tests break connections, and look into what is kept on disk."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from local.sign_in import sign_in
from local.stack import Stack, StackOptions, running_stack
from tests.e2e.conversation import Dataverse, Talk
from tests.fakes import MemoryServer

ADA = "ada.lindqvist@contoso.example"
BRUNO = "bruno.okafor@contoso.example"
CONTOSO = "contoso.onmicrosoft.com"
CONTOSO_URL = "https://contoso.crm4.dynamics.com"
CARLAS_ID = "2f9b5e3c-740a-4db8-86e2-b03ab8d4f503"
ADAS_ID = "0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301"
EVERYBODY = {"If-Match": "*"}


@pytest.fixture(scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("connect-stack")


@pytest.fixture(scope="session")
def stack(state_folder: Path) -> Iterator[Stack]:
    with running_stack(state_folder, StackOptions(persistent=True)) as running:
        yield running


@dataclass
class Page:
    """What a browser shows in the end."""

    status: int
    text: str
    location: str

    @property
    def told(self) -> dict[str, Any]:
        """What the page tells the window that opened it."""
        found = re.search(r'data-message="([^"]*)"', self.text)
        assert found is not None, self.text
        message: dict[str, Any] = json.loads(unescape(found[1]))
        return message

    @property
    def link(self) -> str:
        """The link for the administrator."""
        found = re.search(r'class="link">([^<]*)<', self.text)
        assert found is not None, self.text
        return unescape(found[1])

    @property
    def waits_at(self) -> str:
        """The address that a waiting page asks again."""
        found = re.search(r'http-equiv="refresh" content="\d+; url=([^"]*)"', self.text)
        assert found is not None, self.text
        return unescape(found[1])


@dataclass
class World:
    """Contoso, its people, and everything that can go wrong there."""

    stack: Stack
    secrets: set[str] = field(default_factory=set)

    def talk(self, user: str = "ada") -> Talk:
        return Talk(self.stack, "contoso", user)

    def entra(self, method: str, path: str, **body: Any) -> None:
        answer = requests.request(method, f"{self.stack.entra}/_emulator/{path}", json=body, timeout=180)
        assert answer.status_code == 200, answer.text

    @property
    def dataverse(self) -> Dataverse:
        return Dataverse(self.stack.dataverse)

    def start(self, user: str = "ada", path: str = "/connection") -> str:
        answer = self.talk(user).call("POST", path, json={"organizationUrl": CONTOSO_URL})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["authorizationUrl"])

    def answer(self, url: str, email: str, **how: Any) -> dict[str, str]:
        """What Entra ID sends back, which has not reached the callback yet."""
        with requests.Session() as browser:
            parts = urlsplit(self.stack.api)
            browser.mount(f"{parts.scheme}://{parts.netloc}", MemoryServer(lambda _: (200, b"")))
            response = sign_in(url, email, session=browser, **how)
        found = dict(parse_qsl(urlsplit(response.url).query))
        self.secrets.update(found[name] for name in ("code", "state") if name in found)
        return found

    def callback(self, answer: dict[str, str], **headers: str) -> Page:
        return self.open(f"{self.stack.api}/oauth/callback", params=answer, headers=headers)

    def come_back(self, url: str, email: str = ADA, **how: Any) -> Page:
        return self.callback(self.answer(url, email, **how))

    def open(self, url: str, **options: Any) -> Page:
        answer = requests.get(url, allow_redirects=False, timeout=60, **options)
        return Page(answer.status_code, answer.text, answer.headers.get("Location", ""))

    def connect(self, *, for_everybody: bool = True) -> None:
        page = self.come_back(self.start(), for_organization=for_everybody)
        assert page.told["ok"], page.told
        body = {"enabled": True, "users": "all"}
        assert self.talk().call("PUT", "/access", json=body, headers=EVERYBODY).status_code == 200

    def prefer(self, **preferences: Any) -> None:
        answer = self.talk().call("PUT", "/preferences", json=preferences, headers=EVERYBODY)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
def secrets() -> set[str]:
    """What browsers carried in this run, and must not be found on disk."""
    return set()


@pytest.fixture
def world(stack: Stack, secrets: set[str]) -> Iterator[World]:
    """Everything as at first, and nobody connected."""
    found = World(stack, secrets)
    found.entra("POST", "reset")
    found.dataverse.control("POST", "reset")
    found.talk().call("DELETE", "/connection").raise_for_status()
    found.prefer()
    yield found
    found.dataverse.control("DELETE", "faults")


@pytest.fixture
def connected(world: World) -> World:
    world.connect()
    return world
