"""What the session of outgoing calls takes from its surroundings: nothing that would lead a call astray."""

import pytest

from shared.transport import session

LOCAL = {"login.microsoftonline.com": "http://127.0.0.1:7073", ".dynamics.com": "http://127.0.0.1:7074"}
URL = "https://contoso.crm4.dynamics.com/api/data/v9.2/leads"


def proxies(reroute: dict[str, str]) -> dict[str, str]:
    settings = session(reroute).merge_environment_settings(URL, {}, stream=None, verify=None, cert=None)
    return {scheme: str(proxy) for scheme, proxy in settings["proxies"].items()}


def test_a_proxy_of_the_environment_is_used_only_where_nothing_is_rerouted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert proxies({})["https"] == "http://proxy.example:3128"
    assert proxies(LOCAL) == {}
