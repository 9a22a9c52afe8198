import gzip

import pytest
import requests
from dataverse_organizations import Answer, Play

from shared.transport import HostNotRerouted, session


def test_exact_hosts_and_suffixes_go_to_their_loopback_address(organization: Play) -> None:
    exact, suffix = organization(Answer()), organization(Answer())
    made = session({"login.microsoftonline.com": exact.url, ".dynamics.com": suffix.url}, pool_size=2)
    made.get("https://login.microsoftonline.com/x?y=1")
    made.get("https://contoso.crm4.dynamics.com/")
    made.get("https://CONTOSO.api.crm4.dynamics.com")
    assert [(asked.path, asked.headers["Host"]) for asked in exact.asked] == [
        ("/x?y=1", "login.microsoftonline.com")
    ]
    assert [asked.headers["Host"] for asked in suffix.asked] == [
        "contoso.crm4.dynamics.com",
        "contoso.api.crm4.dynamics.com",
    ]


def test_the_answer_names_the_address_that_was_asked_for(organization: Play) -> None:
    made = session({".dynamics.com": organization(Answer()).url}, pool_size=1)
    response = made.get("https://contoso.crm4.dynamics.com/a?b=%27")
    assert response.url == response.request.url == "https://contoso.crm4.dynamics.com/a?b=%27"


@pytest.mark.parametrize(
    "url",
    [
        "https://dynamics.com/",
        "https://contoso.dynamics.com.evil.example/",
        "https://evildynamics.com/",
        "https://169.254.169.254/metadata",
        "http://10.0.0.1/",
        "https://contoso.crm4.dynamics.com.:443/",
    ],
)
def test_other_hosts_are_refused_while_rerouting(organization: Play, url: str) -> None:
    served = organization(Answer())
    with pytest.raises(HostNotRerouted, match="LOCAL_REROUTE"):
        session({".dynamics.com": served.url}, pool_size=1).get(url)
    assert served.asked == []


def test_loopback_is_reached_as_it_is(organization: Play) -> None:
    served = organization(Answer())
    made = session({".dynamics.com": "http://127.0.0.1:9"}, pool_size=1)
    assert made.get(f"{served.url}/health").status_code == 200


@pytest.mark.parametrize("target", ["http://10.0.0.1:7074", "https://contoso.crm4.dynamics.com", "127.0.0.1"])
def test_a_reroute_to_another_machine_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        session({".dynamics.com": target}, pool_size=1)


def test_redirects_are_answers(organization: Play) -> None:
    served = organization(Answer(302, {"Location": "/elsewhere"}))
    assert session({}, pool_size=1).get(served.url).status_code == 302
    assert len(served.asked) == 1


def test_cookies_are_not_kept(organization: Play) -> None:
    served = organization(Answer(200, {"Set-Cookie": "ARRAffinity=abc; Path=/"}))
    made = session({}, pool_size=1)
    made.get(served.url)
    made.get(served.url)
    assert [asked.headers.get("Cookie") for asked in served.asked] == [None, None]


def test_a_silent_server_ends_in_a_timeout_that_a_call_can_shorten(organization: Play) -> None:
    served = organization(Answer(200, {}, b"x" * 10, cut=0))
    with pytest.raises(requests.exceptions.RequestException):
        session({}, pool_size=1).get(served.url, timeout=(60, 0.2))


def test_an_answer_that_trickles_ends_in_a_timeout_too(organization: Play) -> None:
    served = organization(Answer(200, {}, b"x" * 1_000, trickle=0.02))
    with pytest.raises(requests.exceptions.ReadTimeout):
        session({}, pool_size=1).get(served.url, timeout=(60, 0.3))


def test_a_session_has_the_patience_that_it_was_made_with(organization: Play) -> None:
    served = organization(Answer(200, {}, b"x" * 100_000, trickle=0.02))
    with pytest.raises(requests.exceptions.ReadTimeout):
        session({}, pool_size=1, read_seconds=0.3).get(served.url)


@pytest.mark.parametrize("encoding", ["gzip", None])
@pytest.mark.parametrize("length", [0, 1, 300_000])
def test_bodies_arrive_whole(organization: Play, encoding: str | None, length: int) -> None:
    body = bytes(place % 251 for place in range(length))
    sent = gzip.compress(body) if encoding else body
    served = organization(Answer(200, {"Content-Encoding": encoding} if encoding else {}, sent))
    made = session({}, pool_size=1)
    assert [made.get(served.url).content for _ in range(3)] == [body] * 3


def test_connections_are_kept_for_the_next_call(organization: Play) -> None:
    served = organization(Answer(200, {}, b"body"))
    made = session({}, pool_size=1)
    for _ in range(3):
        made.get(served.url)
    assert len({asked.client for asked in served.asked}) == 1


def test_a_netrc_file_does_not_replace_the_token(
    organization: Play, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password canary\n")
    monkeypatch.setenv("NETRC", str(netrc))
    served = organization(Answer())
    session({}, pool_size=1).get(served.url, headers={"Authorization": "Bearer mine"})
    assert served.asked[0].headers["Authorization"] == "Bearer mine"
