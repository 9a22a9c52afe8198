import pytest
from signing_in import CLIENT, CONTOSO, ORGANIZATION, Entra

from shared.entra.applications import Applications
from shared.entra.credential import IdentityAssertion
from shared.entra.discovery import EntraHttp
from shared.entra.sign_in import SignIn

IDENTITY = "a7b8c9d0-e1f2-4031-8425-364758697a8b"


def test_a_managed_identity_stands_in_for_the_secret(
    consented: Entra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{consented.address}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "made-up")
    made = consented.session()
    http = EntraHttp(lambda: made, consented.clock)
    sign_in = SignIn(Applications(CLIENT, IdentityAssertion(IDENTITY), http), "https://service.example/x")
    sign_in.prove_application(ORGANIZATION, CONTOSO)
    grants = [
        each["notes"].get("grant_type")
        for each in consented.control("GET", "journal")["items"]
        if each["path"].endswith("/token")
    ]
    assert grants[-1] == "client_credentials"
    paths = [each["path"] for each in consented.control("GET", "journal")["items"]]
    assert "/msi/token" in paths
