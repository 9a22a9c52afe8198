"""A matrix of ID tokens, of which one is good."""

import json
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.domain.errors import InvalidRequest, Transient
from shared.domain.ids import DirectoryId
from shared.domain.organization import parse_organization_url
from shared.entra.discovery import EntraHttp
from shared.entra.id_tokens import DirectoryKeys, check_id_token
from tests.callers import private_key, public_jwk
from tests.fakes import MemoryServer

HOST = "login.microsoftonline.com"
DIRECTORY = DirectoryId("6f1c2a3e-8b54-4d0f-9a37-c1e5d2b7f801")
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
CLIENT = "9a3b7c5d-1e2f-4a6b-8c9d-0e1f2a3b4c5d"
ORGANIZATION = parse_organization_url("https://contoso.crm4.dynamics.com")
KEY = jwt.PyJWK.from_dict(public_jwk("first"))


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    every = {
        "iss": f"https://{HOST}/{DIRECTORY}/v2.0",
        "aud": CLIENT,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "sub": "subject",
        "oid": "0d7f3c1a-52e8-4b96-a4c0-9e18f6b2d301",
        "tid": DIRECTORY,
        "ver": "2.0",
        **changes,
    }
    return {name: value for name, value in every.items() if value is not None}


def signed(kid: str = "first", key: Any = None, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key or private_key("first"), algorithm, headers={"kid": kid})


def check(token: str) -> dict[str, Any]:
    known = {"first": KEY}
    return check_id_token(token, known.get, CLIENT, HOST, now=datetime.now(UTC))


def encoded(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(algorithm: str) -> str:
    return f"{encoded({'alg': algorithm, 'kid': 'first', 'typ': 'JWT'})}.{encoded(claims())}."


def by_public_key() -> str:
    """HS256 with the public key as the secret, put together by hand: PyJWT itself refuses to."""
    import hashlib
    import hmac

    secret = private_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    content = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims())}"
    digest = hmac.new(secret, content.encode(), hashlib.sha256).digest()
    return f"{content}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def tampered() -> str:
    header, _, signature = signed().split(".")
    return f"{header}.{encoded(claims(oid='somebody-else'))}.{signature}"


NOW = int(time.time())
OTHER = "b2d94e70-35ac-4f1b-8e62-70a9c4d3e815"
BAD = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "no signature": unsigned("RS256"),
    "HS256 with the public key": by_public_key(),
    "RS512": signed(algorithm="RS512"),
    "PS256": signed(algorithm="PS256"),
    "an unknown key": signed(kid="second"),
    "no key": jwt.encode(claims(), private_key("first"), "RS256"),
    "another key under the name": signed(key=private_key("other")),
    "changed after it was signed": tampered(),
    "another application": signed(aud="00000000-0000-4000-8000-000000000000"),
    "no audience": signed(aud=None),
    "the organization as audience": signed(aud="https://contoso.crm4.dynamics.com"),
    "another issuer": signed(iss="https://evil.example/v2.0"),
    "an issuer of version 1": signed(iss=f"https://sts.windows.net/{DIRECTORY}/"),
    "version 1": signed(ver="1.0"),
    "another cloud": signed(iss=f"https://login.microsoftonline.us/{DIRECTORY}/v2.0"),
    "an issuer with more behind": signed(iss=f"https://{HOST}/{DIRECTORY}/v2.0/x"),
    "the issuer's template": signed(iss=f"https://{HOST}/{{tenantid}}/v2.0"),
    "a directory that is not the issuer's": signed(tid=OTHER),
    "a personal account with this issuer": signed(tid=PERSONAL),
    "no directory": signed(tid=None),
    "no person": signed(oid=None),
    "no subject": signed(sub=None),
    "no issuer": signed(iss=None),
    "no end": signed(exp=None),
    "no beginning": signed(nbf=None),
    "over": signed(exp=NOW - 400),
    # Tokens are made when the file is read, which a long run may do a quarter of an hour before the test.
    "not yet": signed(nbf=NOW + 86_400, exp=NOW + 90_000),
    "an end that is text": signed(exp="tomorrow"),
    "no token": "",
    "nonsense": "a.b.c",
}


def test_the_good_one_is_taken() -> None:
    assert check(signed())["tid"] == DIRECTORY


@pytest.mark.parametrize("name", BAD)
def test_every_other_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check(BAD[name])
    assert refused.value.code == "signInAnswerInvalid"


def test_thirty_are_tried() -> None:
    assert len(BAD) >= 30


def served(
    *kids: str, keys_at: str = f"https://{HOST}/keys"
) -> tuple[DirectoryKeys, MemoryServer, list[str]]:
    published = list(kids)

    def answer(request: requests.PreparedRequest) -> tuple[int, bytes]:
        if str(request.url).endswith("openid-configuration"):
            return 200, json.dumps({"jwks_uri": keys_at}).encode()
        return 200, json.dumps({"keys": [public_jwk(kid) for kid in published]}).encode()

    server = MemoryServer(answer)
    made = server.session()
    http = EntraHttp(lambda: made, lambda: datetime.now(UTC))
    return DirectoryKeys(http, ORGANIZATION, DIRECTORY), server, published


def test_keys_are_asked_for_once_and_again_for_one_that_is_not_known() -> None:
    keys, server, published = served("first")
    assert keys.find("first") is not None
    assert keys.find("first") is not None
    assert len(server.asked) == 2
    published.append("second")
    assert keys.find("second") is not None
    assert keys.find("third") is None


def test_keys_are_fetched_from_the_sign_in_host_alone() -> None:
    keys, server, _ = served("first", keys_at="https://evil.example/keys")
    with pytest.raises(Transient):
        keys.find("first")
    assert not [url for url in server.asked if "evil" in url]
