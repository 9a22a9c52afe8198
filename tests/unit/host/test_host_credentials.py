import time
from dataclasses import dataclass
from typing import Any

from azure.core.credentials import AccessToken

from local.host.credentials import Identity, Unsigned
from tests.loops import run

REQUEST = Unsigned("GET", "/queue/messages", {})


@dataclass
class Directory:
    """Gives tokens that are numbered and valid for `seconds`."""

    seconds: float
    given: int = 0

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        self.given += 1
        return AccessToken(f"token {self.given}", int(time.time() + self.seconds))


def authorizations(directory: Directory) -> list[str]:
    async def two() -> list[str]:
        identity = Identity(directory)
        return [(await identity.headers(REQUEST))["authorization"] for _ in range(2)]

    return run(two())


def test_token_of_an_identity_is_kept_while_it_is_valid() -> None:
    assert authorizations(Directory(seconds=3600)) == ["Bearer token 1", "Bearer token 1"]


def test_token_of_an_identity_that_soon_ends_is_asked_for_anew() -> None:
    assert authorizations(Directory(seconds=60)) == ["Bearer token 1", "Bearer token 2"]
