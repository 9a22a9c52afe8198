"""People who call, with tokens of an issuer that exists in memory only."""

import time
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from functions.identity import Callers
from tests.fakes import MemoryServer

ISSUER = "https://callers.example"
AUDIENCE = "dynamics-export-api"
JWKS_URL = "https://callers.example/jwks"


@cache
def private_key(kid: str = "first") -> RSAPrivateKey:
    """One key for each id, made once: that takes its time."""
    del kid
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(kid: str, **members: Any) -> dict[str, Any]:
    jwk = RSAAlgorithm.to_jwk(private_key(kid).public_key(), as_dict=True)
    return {**jwk, "kid": kid, "alg": "RS256", "use": "sig", **members}


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of an ordinary user; None takes one away."""
    now = int(time.time())
    every = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
        "sub": "bruno",
        "org_id": "contoso",
        "roles": [],
        "email": "bruno@contoso.example",
        "name": "Bruno Okafor",
        **changes,
    }
    return {name: value for name, value in every.items() if value is not None}


def token(*, kid: str | None = "first", **changes: Any) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), private_key(kid or "first"), "RS256", headers=headers)


def user(**changes: Any) -> str:
    return token(**changes)


def admin(**changes: Any) -> str:
    return token(**{"sub": "ada", "roles": ["admin"], **changes})


def key_server(*kids: str) -> MemoryServer:
    import json

    body = json.dumps({"keys": [public_jwk(kid) for kid in kids or ("first",)]}).encode()
    return MemoryServer(lambda _: (200, body))


def callers(server: MemoryServer | None = None, monotonic: Callable[[], float] = time.monotonic) -> Callers:
    served = server or key_server()
    return Callers(ISSUER, AUDIENCE, JWKS_URL, served.session, monotonic=monotonic)
