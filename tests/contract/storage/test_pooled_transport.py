"""The transport against servers that answer as nobody should."""

import gzip
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
import trustme
from azure.core.exceptions import (
    DecodeError,
    ServiceRequestError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.core.rest import HttpRequest
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from local.certificates import make_certificates
from shared.storage.transport import PooledTransport

Answer = Callable[[bytes], bytes | None]
"""What is answered to a request; None: the connection is closed instead."""

SHORT_SECONDS = 0.3


@pytest.fixture
def transport() -> Iterator[PooledTransport]:
    made = PooledTransport(DEFAULT_CA_BUNDLE_PATH)
    yield made
    made.close()


class Server:
    """Answers on loopback, each connection in a thread, and counts them. `last`: closes after an answer."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None, *, last: bool) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._answer = answer
        self._tls = tls
        self._last = last
        self.connections = 0
        self.url = f"http{'s' if tls else ''}://localhost:{self._listening.getsockname()[1]}/a?b=c"
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Takes no more connections. Those that are open end when their client ends them."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.connections += 1
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, self._spoken(client) as spoken:
            while request := spoken.recv(64 * 1024):
                answer = self._answer(request)
                spoken.sendall(answer or b"")
                if answer is None or self._last:
                    spoken.shutdown(socket.SHUT_RDWR)
                    return

    def _spoken(self, client: socket.socket) -> socket.socket:
        return client if self._tls is None else self._tls.wrap_socket(client, server_side=True)


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None, *, last: bool = False) -> Iterator[Server]:
    server = Server(answer, tls, last=last)
    try:
        yield server
    finally:
        server.close()


def ok(body: bytes, *more: str, length: int | None = None) -> bytes:
    headers = [f"Content-Length: {len(body) if length is None else length}", *more]
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body


def test_one_request_after_another_goes_over_one_connection(transport: PooledTransport) -> None:
    with serving(lambda request: ok(request.split(b" ")[1])) as server:
        for _ in range(3):
            answer = transport.send(HttpRequest("GET", server.url))
            assert (answer.status_code, answer.text()) == (200, "/a?b=c")
            streamed = transport.send(HttpRequest("GET", server.url), stream=True)
            assert b"".join(streamed.iter_raw()) == b"/a?b=c"
        assert server.connections == 1


def test_a_stream_that_is_given_up_does_not_spoil_the_next_request(transport: PooledTransport) -> None:
    with serving(lambda _: ok(b"x" * 5_000_000)) as server:
        with transport.send(HttpRequest("GET", server.url), stream=True) as answer:
            assert next(answer.iter_raw())
        assert len(transport.send(HttpRequest("GET", server.url)).content) == 5_000_000
        assert server.connections == 2


def test_a_body_and_its_headers_arrive(transport: PooledTransport) -> None:
    heard: list[bytes] = []

    def listen(request: bytes) -> bytes:
        heard.append(request)
        return ok(b"") if request.endswith(b"body") else b""

    with serving(listen) as server:
        request = HttpRequest("PUT", server.url, headers={"x-ms-date": "now"}, content=b"a body")
        assert transport.send(request).content == b""
    head, _, body = b"".join(heard).partition(b"\r\n\r\n")
    assert body == b"a body"
    assert b"x-ms-date: now" in head
    assert b"Content-Length: 6" in head


def test_a_redirect_is_an_answer_and_no_proxy_of_the_environment_is_asked(
    transport: PooledTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda _: moved) as server:
        assert transport.send(HttpRequest("GET", server.url)).status_code == 302


def test_packed_content_is_unpacked_only_where_it_is_asked_for(transport: PooledTransport) -> None:
    packed = gzip.compress(b"content")
    with serving(lambda _: ok(packed, "Content-Encoding: gzip")) as server:
        request = HttpRequest("GET", server.url)
        assert transport.send(request).content == b"content"
        assert transport.send(request, stream=True).read() == b"content"
        assert b"".join(transport.send(request, stream=True).iter_raw()) == packed


def test_content_that_is_not_packed_as_it_says_is_told_apart(transport: PooledTransport) -> None:
    with (
        serving(lambda _: ok(b"plain", "Content-Encoding: gzip")) as server,
        pytest.raises(DecodeError),
    ):
        transport.send(HttpRequest("GET", server.url))


def test_nobody_listening_means_that_the_request_never_arrived(transport: PooledTransport) -> None:
    with pytest.raises(ServiceRequestError):
        transport.send(HttpRequest("GET", "http://127.0.0.1:1/"))


BROKEN: dict[str, Answer] = {
    "closed without an answer": lambda _: None,
    "no HTTP": lambda _: b"hello\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_a_lost_answer_means_that_the_request_may_have_arrived(
    transport: PooledTransport, answer: Answer
) -> None:
    with serving(answer) as server, pytest.raises(ServiceResponseError):
        transport.send(HttpRequest("POST", server.url, content=b"x"))


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_an_answer_that_breaks_off_is_never_taken_for_the_whole(
    transport: PooledTransport, *, stream: bool
) -> None:
    cut_short = ok(b"too little", length=100)
    with serving(lambda _: cut_short, last=True) as server, pytest.raises(ServiceResponseError):
        transport.send(HttpRequest("GET", server.url), stream=stream).read()


def test_a_slow_answer_is_waited_for_as_long_as_was_said(transport: PooledTransport) -> None:
    with serving(lambda _: b"") as server, pytest.raises(ServiceResponseTimeoutError):
        transport.send(HttpRequest("GET", server.url), read_timeout=SHORT_SECONDS)


def test_a_certificate_of_an_unknown_authority_is_refused(transport: PooledTransport, tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates.chain, certificates.key)
    with serving(lambda _: ok(b"secret"), tls) as server:
        with pytest.raises(ServiceResponseError):
            transport.send(HttpRequest("GET", server.url))
        with PooledTransport(str(certificates.authority)) as trusting:
            assert trusting.send(HttpRequest("GET", server.url)).text() == "secret"


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    authority, trusted = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(tls)
    with (
        serving(lambda _: ok(b"secret"), tls) as server,
        PooledTransport(str(trusted)) as trusting,
        pytest.raises(ServiceResponseError),
    ):
        trusting.send(HttpRequest("GET", server.url))
