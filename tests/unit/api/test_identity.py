import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from functions.identity import Caller
from shared.domain.errors import Transient, Unauthenticated
from tests import callers
from tests.fakes import MemoryServer


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def identify(token: str, server: MemoryServer | None = None) -> Caller:
    return callers.callers(server).identify({"Authorization": f"Bearer {token}"})


def test_a_user_is_known_by_the_claims_of_the_token() -> None:
    assert identify(callers.user()) == Caller(
        tenant="contoso", user="bruno", email="bruno@contoso.example", name="Bruno Okafor", is_admin=False
    )


def test_an_administrator_is_one_whose_roles_say_so() -> None:
    assert identify(callers.admin()).is_admin
    assert not identify(callers.user(roles="admin")).is_admin
    assert not identify(callers.user(roles={"admin": True})).is_admin
    assert not identify(callers.user(roles=None)).is_admin


def test_name_and_email_may_be_missing() -> None:
    caller = identify(callers.user(name=None, email=5))
    assert (caller.name, caller.email) == (None, None)


def unsigned() -> str:
    return jwt.encode(callers.claims(), None, "none", headers={"kid": "first"})


def signed_with_the_public_key() -> str:
    """The classic: the issuer's public key taken as a shared secret."""
    head, payload = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "typ": "JWT", "kid": "first"}, callers.claims())
    )
    public = (
        callers.private_key("first")
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    signature = hmac.digest(public, head + b"." + payload, "sha256")
    return b".".join((head, payload, urlsafe_b64encode(signature).rstrip(b"="))).decode()


def tampered() -> str:
    head, _, signature = callers.user().split(".")
    payload = callers.admin().split(".")[1]
    return f"{head}.{payload}.{signature}"


def with_its_own_key() -> str:
    headers = {"kid": "first", "jwk": callers.public_jwk("stranger")}
    return jwt.encode(callers.claims(), callers.private_key("stranger"), "RS256", headers=headers)


def after(seconds: int) -> int:
    """So long after the moment of asking: a test may wait for its turn longer than a minute."""
    return int(time.time()) + seconds


def headed(**headers: Any) -> str:
    """An ordinary token whose header says more, properly signed."""
    return jwt.encode(
        callers.claims(), callers.private_key("first"), "RS256", headers={"kid": "first", **headers}
    )


def named(algorithm: str) -> str:
    """A token that names another algorithm over a signature that would be right."""
    _, payload, signature = callers.user().split(".")
    head = urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "first"}).encode()).rstrip(b"=").decode()
    return f"{head}.{payload}.{signature}"


BAD_TOKENS = {
    "empty": lambda: "",
    "no JWT": lambda: "abc",
    "three dots": lambda: "a.b.c",
    "algorithm none": unsigned,
    "algorithm HS256": signed_with_the_public_key,
    "algorithm RS512": lambda: jwt.encode(
        callers.claims(), callers.private_key("first"), "RS512", headers={"kid": "first"}
    ),
    "unknown key": lambda: callers.token(kid="stranger"),
    "no key id": lambda: callers.token(kid=None),
    "another's signature": with_its_own_key,
    "tampered": tampered,
    "expired": lambda: callers.user(exp=after(-3600)),
    "not yet valid": lambda: callers.user(nbf=after(3600)),
    "issued in the future": lambda: callers.user(iat=after(3600)),
    "never expires": lambda: callers.user(exp=None),
    "no time of issue": lambda: callers.user(iat=None),
    "other issuer": lambda: callers.user(iss="https://evil.example"),
    "issuer by a slash": lambda: callers.user(iss=callers.ISSUER + "/"),
    "no issuer": lambda: callers.user(iss=None),
    "other audience": lambda: callers.user(aud="another-api"),
    "no audience": lambda: callers.user(aud=None),
    "no tenant": lambda: callers.user(org_id=None),
    "empty tenant": lambda: callers.user(org_id=""),
    "tenant with a slash": lambda: callers.user(org_id="a/b"),
    "tenant that climbs": lambda: callers.user(org_id=".."),
    "tenant with a line break": lambda: callers.user(org_id="contoso\n"),
    "tenant is a number": lambda: callers.user(org_id=7),
    "tenant too long": lambda: callers.user(org_id="c" * 129),
    "no user": lambda: callers.user(sub=None),
    "user with a quote": lambda: callers.user(sub="o'hara"),
    "too long": lambda: callers.user(name="n" * 9000),
    "huge": lambda: "a." * 2_000_000,
    "algorithm nOnE": lambda: named("nOnE"),
    "algorithm HS512": lambda: named("HS512"),
    "algorithm PS256": lambda: named("PS256"),
    "algorithm ES256": lambda: named("ES256"),
    "algorithm in lower case": lambda: named("rs256"),
    "algorithm missing": lambda: named(""),
    "signature cut off": lambda: callers.user().rpartition(".")[0] + ".",
    "signature shortened": lambda: callers.user()[:-10],
    "kid climbs": lambda: headed(kid="../../../../dev/null"),
    "kid is a query": lambda: headed(kid="first' OR '1'='1"),
    "kid is an address": lambda: headed(kid="https://evil.example/jwks"),
    "kid in another case": lambda: headed(kid="FIRST"),
    "kid with a null byte": lambda: headed(kid="first\x00"),
    "kid empty": lambda: headed(kid=""),
    "critical extension": lambda: headed(crit=["b64"], b64=False),
    "expires in words": lambda: callers.user(exp="tomorrow"),
    "expired long ago": lambda: callers.user(exp=1),
    "audience among others' kind": lambda: callers.user(aud=["another-api", "third-api"]),
    "audience in another case": lambda: callers.user(aud=callers.AUDIENCE.upper()),
    "issuer in another case": lambda: callers.user(iss=callers.ISSUER.upper()),
    "user is a number": lambda: callers.user(sub=7),
    "user that climbs": lambda: callers.user(sub="../ada"),
}


def test_the_matrix_of_bad_tokens_is_a_matrix() -> None:
    assert len(BAD_TOKENS) >= 50


@pytest.mark.parametrize("case", BAD_TOKENS)
def test_a_bad_token_is_refused(case: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        identify(BAD_TOKENS[case]())
    assert caught.value.code == "tokenInvalid"


def test_a_minute_of_wrong_clocks_is_forgiven() -> None:
    assert identify(callers.user(exp=after(-5)))
    assert identify(callers.user(nbf=after(50), iat=after(50)))


@pytest.mark.parametrize("header", ["jku", "x5u", "jwk", "x5c"])
def test_keys_that_a_token_brings_along_are_neither_fetched_nor_believed(header: str) -> None:
    server = callers.key_server()
    stranger = {**callers.public_jwk("stranger"), "kid": "first"}
    brought = {
        "jku": "https://evil.example/jwks",
        "x5u": "https://evil.example/cert",
        "jwk": stranger,
        "x5c": ["MIIB"],
    }[header]
    headers = {"kid": "first", header: brought}
    forged = jwt.encode(callers.claims(), callers.private_key("stranger"), "RS256", headers=headers)
    with pytest.raises(Unauthenticated):
        identify(forged, server)
    assert server.asked == [callers.JWKS_URL]
    assert identify(headed(**{header: brought}), server).user == "bruno"
    assert set(server.asked) == {callers.JWKS_URL}


@pytest.mark.parametrize("tenant", ["contoso", "a", "auth0|5f7c", "org_1.eu", "c" * 128])
def test_usual_ids_pass(tenant: str) -> None:
    assert identify(callers.user(org_id=tenant)).tenant == tenant


@pytest.mark.parametrize("header", [None, ""])
def test_without_a_token_the_caller_is_told_to_send_one(header: str | None) -> None:
    with pytest.raises(Unauthenticated) as caught:
        callers.callers().identify({} if header is None else {"Authorization": header})
    assert caught.value.code == "tokenMissing"


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "token"])
def test_another_scheme_is_refused(header: str) -> None:
    with pytest.raises(Unauthenticated):
        callers.callers().identify({"Authorization": header})


def test_a_good_token_under_another_scheme_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        callers.callers().identify({"Authorization": f"Basic {callers.user()}"})


def test_the_scheme_is_read_in_any_case() -> None:
    assert callers.callers().identify({"Authorization": f"bEaReR  {callers.user()}"})


def test_keys_are_fetched_once() -> None:
    server = callers.key_server("first", "second")
    known = callers.callers(server)
    for kid in ("first", "second", "first"):
        known.identify({"Authorization": f"Bearer {callers.token(kid=kid)}"})
    assert server.asked == [callers.JWKS_URL]


def test_an_unknown_key_id_fetches_again_but_not_at_once() -> None:
    server, clock = callers.key_server("first"), Clock()
    known = callers.callers(server, clock)
    known.identify({"Authorization": f"Bearer {callers.user()}"})
    rotated = {"Authorization": f"Bearer {callers.token(kid='second')}"}
    server.answer = callers.key_server("second").answer
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            known.identify(rotated)
    assert len(server.asked) == 1
    clock.now += 31
    assert known.identify(rotated)
    assert len(server.asked) == 2


def test_keys_are_fetched_again_after_an_hour_so_that_a_withdrawn_one_ends() -> None:
    server, clock = callers.key_server("first"), Clock()
    known = callers.callers(server, clock)
    known.identify({"Authorization": f"Bearer {callers.user()}"})
    server.answer = callers.key_server("second").answer
    clock.now += 3601
    with pytest.raises(Unauthenticated):
        known.identify({"Authorization": f"Bearer {callers.user()}"})


def test_known_keys_outlive_an_issuer_that_does_not_answer() -> None:
    server, clock = callers.key_server("first"), Clock()
    known = callers.callers(server, clock)
    known.identify({"Authorization": f"Bearer {callers.user()}"})
    server.answer = lambda _: (503, b"")
    clock.now += 3601
    assert known.identify({"Authorization": f"Bearer {callers.user()}"})


def refuses_connections(_: requests.PreparedRequest) -> tuple[int, bytes]:
    raise requests.ConnectionError("refused")


@pytest.mark.parametrize(
    "answer",
    [
        refuses_connections,
        lambda _: (500, b""),
        lambda _: (302, b""),
        lambda _: (200, b"<html>"),
        lambda _: (200, b"{}"),
        lambda _: (200, b'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}]'),
        lambda request: (200, callers.key_server().answer(request)[1] + b" " * 256 * 1024),
        lambda _: (200, b"\xff\xfe"),
    ],
    ids=["refused", "500", "redirect", "page", "no keys", "cut off", "huge", "no text"],
)
def test_an_issuer_without_readable_keys_is_a_passing_trouble(answer: object) -> None:
    server, clock = MemoryServer(answer), Clock()  # type: ignore[arg-type] # the table holds mixed functions
    known = callers.callers(server, clock)
    for _ in range(3):
        with pytest.raises(Transient) as caught:
            known.identify({"Authorization": f"Bearer {callers.user()}"})
        assert caught.value.retry_after
    assert len(server.asked) == 1
    server.answer = callers.key_server().answer
    clock.now += 6
    assert known.identify({"Authorization": f"Bearer {callers.user()}"})


@pytest.mark.parametrize(
    "changes",
    [{"alg": "RS512"}, {"use": "enc"}, {"kid": None}],
    ids=["other algorithm", "for encryption", "no id"],
)
def test_a_key_that_is_not_for_such_signatures_is_not_used(changes: dict[str, str]) -> None:
    body = json.dumps({"keys": [callers.public_jwk("first") | changes]}).encode()
    with pytest.raises(Unauthenticated):
        identify(callers.user(), MemoryServer(lambda _: (200, body)))


def test_what_the_bad_tokens_are_made_of_is_good_by_itself() -> None:
    assert identify(headed()).user == "bruno"
    assert identify(callers.user(aud=["another-api", callers.AUDIENCE])).user == "bruno"
