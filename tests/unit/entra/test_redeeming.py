"""A token endpoint that answers with an ID token of somebody else's making."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from test_id_tokens import CLIENT, DIRECTORY, HOST, ORGANIZATION, signed

from shared.domain.errors import InvalidRequest
from shared.entra.applications import Applications
from shared.entra.credential import Secret
from shared.entra.discovery import EntraHttp
from shared.entra.sign_in import SignedIn, SignIn
from tests.callers import private_key, public_jwk
from tests.fakes import MemoryServer

ROOT = f"https://{HOST}/{DIRECTORY}"
CLIENT_INFO = "eyJ1aWQiOiAidSIsICJ1dGlkIjogInQifQ"


class Directory:
    """Entra ID as far as a sign-in needs it; `token` is what it will answer."""

    def __init__(self) -> None:
        self.token = ""
        made = MemoryServer(self.answer).session()
        applications = Applications(CLIENT, Secret("s"), EntraHttp(lambda: made, lambda: datetime.now(UTC)))
        self.sign_in = SignIn(applications, "https://service.example/api/oauth/callback")

    def answer(self, request: requests.PreparedRequest) -> tuple[int, bytes]:
        path = urlsplit(str(request.url)).path
        if path.endswith("openid-configuration"):
            return 200, self._json(
                issuer=f"{ROOT}/v2.0",
                authorization_endpoint=f"{ROOT}/oauth2/v2.0/authorize",
                token_endpoint=f"{ROOT}/oauth2/v2.0/token",
                jwks_uri=f"{ROOT}/discovery/v2.0/keys",
            )
        if path.endswith("/keys"):
            return 200, self._json(keys=[public_jwk("first")])
        return 200, self._json(
            access_token="a",
            refresh_token="r",
            token_type="Bearer",
            expires_in=3600,
            scope=ORGANIZATION.scope,
            id_token=self.token,
            client_info=CLIENT_INFO,
        )

    def redeem(self, **token: object) -> SignedIn:
        begun = self.sign_in.begin(ORGANIZATION, DIRECTORY, state="s")
        nonce = parse_qs(urlsplit(begun.authorization_url).query)["nonce"][0]
        self.token = signed(**{"nonce": nonce, "preferred_username": "ada", **token})  # type: ignore[arg-type]  # claims of any type
        answer = {"state": "s", "code": "c"}
        return self.sign_in.redeem(ORGANIZATION, DIRECTORY, flow=begun.flow, answer=answer)

    def _json(self, **content: object) -> bytes:
        return json.dumps(content).encode()


def test_a_good_id_token_signs_in() -> None:
    assert Directory().redeem().directory == DIRECTORY


@pytest.mark.parametrize(
    "token",
    [
        {"key": private_key("other")},
        {"iss": "https://evil.example/v2.0"},
        {"kid": "second"},
        {"nonce": "another"},
        {"ver": "1.0"},
    ],
    ids=["another key", "another issuer", "an unknown key", "another nonce", "another version"],
)
def test_any_other_id_token_signs_nobody_in(token: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Directory().redeem(**token)
    assert refused.value.code == "signInAnswerInvalid"
