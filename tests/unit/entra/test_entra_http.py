from datetime import UTC, datetime, timedelta

from shared.entra.discovery import EntraHttp
from tests.fakes import MemoryServer

URL = "https://login.microsoftonline.com/contoso/v2.0/.well-known/openid-configuration"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_document_is_remembered_for_a_day() -> None:
    server, clock = MemoryServer(lambda _: (200, b"{}")), Clock()
    http = EntraHttp(server.session, clock)
    assert [http.get(URL).text for _ in range(3)] == ["{}"] * 3
    assert len(server.asked) == 1
    clock.now += timedelta(days=1)
    http.get(URL)
    assert len(server.asked) == 2


def test_a_refusal_is_not_remembered() -> None:
    server = MemoryServer(lambda _: (404, b""))
    http = EntraHttp(server.session, Clock())
    assert [http.get(URL).status_code for _ in range(2)] == [404, 404]
    assert len(server.asked) == 2


def test_a_post_is_sent_every_time() -> None:
    server = MemoryServer(lambda _: (200, b"{}"))
    http = EntraHttp(server.session, Clock())
    for _ in range(2):
        http.post(URL, data={"a": "b"})
    assert len(server.asked) == 2


def test_a_question_with_parameters_is_asked_every_time() -> None:
    server = MemoryServer(lambda _: (200, b"{}"))
    http = EntraHttp(server.session, Clock())
    for _ in range(2):
        http.get(URL, params={"a": "b"})
    assert len(server.asked) == 2
