"""The door in front of storage lets requests come to grief just as ordered."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from local.callers import loopback_session
from tests.chaos.door import OpenDoor, door_before
from tests.chaos.door_orders import DoorOrder, DoorScript, Trouble

MESSAGES = b"<L><QueueMessage>1</QueueMessage><QueueMessage>2</QueueMessage></L>"


class Account(ThreadingHTTPServer):
    """Answers everything with two queue messages, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []


class Answering(BaseHTTPRequestHandler):
    server: Account

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.asked.append(f"{self.command} {self.rfile.read(length).decode()}".strip())
        self.send_response(200)
        self.send_header("Content-Length", str(len(MESSAGES)))
        self.end_headers()
        self.wfile.write(MESSAGES)

    do_POST = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def script() -> DoorScript:
    return DoorScript()


@pytest.fixture
def door(account: Account, script: DoorScript) -> Iterator[OpenDoor]:
    with door_before({"queue": account.server_address[1]}, script) as opened:
        yield opened


def ask(door: OpenDoor, method: str = "POST") -> requests.Response:
    with loopback_session() as session:
        return session.request(
            method, f"http://127.0.0.1:{door.ports['queue']}/q/messages", data=b"m", timeout=180
        )


def test_without_an_order_a_request_passes_unchanged(door: OpenDoor, account: Account) -> None:
    assert ask(door).content == MESSAGES
    assert account.asked == ["POST m"]


@pytest.mark.parametrize(
    ("trouble", "arrived"),
    [(Trouble.DROPPED, 0), (Trouble.LOST_REPLY, 1)],
    ids=["before it arrives", "after it was done"],
)
def test_a_connection_ends(
    door: OpenDoor, account: Account, script: DoorScript, trouble: Trouble, arrived: int
) -> None:
    script.order(DoorOrder(trouble, "queue"))
    with pytest.raises(requests.ConnectionError):
        ask(door)
    assert len(account.asked) == arrived
    assert script.end() == {f"queue {trouble}": 1}


@pytest.mark.parametrize(
    ("trouble", "status", "arrived"),
    [
        (Trouble.BUSY, 503, 0),
        (Trouble.FAILED_AFTER, 500, 1),
        (Trouble.TWICE, 200, 2),
        (Trouble.SLOW, 200, 1),
    ],
)
def test_a_request_suffers_what_is_ordered_and_the_next_one_does_not(
    door: OpenDoor, account: Account, script: DoorScript, trouble: Trouble, status: int, arrived: int
) -> None:
    script.order(DoorOrder(trouble, "queue"))
    assert ask(door).status_code == status
    assert len(account.asked) == arrived
    assert ask(door).status_code == 200


def test_a_copy_comes_later(door: OpenDoor, account: Account, script: DoorScript) -> None:
    script.order(DoorOrder(Trouble.LATE_COPY, "queue", seconds=0.05))
    ask(door)
    while account.asked.count("POST m") < 2:
        ask(door, "GET")


def test_messages_come_in_the_opposite_order(door: OpenDoor, script: DoorScript) -> None:
    script.order(DoorOrder(Trouble.REVERSED, "queue"))
    assert ask(door, "GET").content == b"<L><QueueMessage>2</QueueMessage><QueueMessage>1</QueueMessage></L>"


def test_an_order_of_another_service_or_another_kind_of_request_waits(
    door: OpenDoor, script: DoorScript
) -> None:
    script.order(DoorOrder(Trouble.DROPPED, "table"))
    script.order(DoorOrder(Trouble.TWICE, "queue"))
    assert ask(door, "GET").status_code == 200
    assert script.end() == {}


def test_nothing_passes_while_the_door_is_shut(door: OpenDoor, account: Account) -> None:
    door.shut()
    with pytest.raises(requests.ConnectionError):
        ask(door)
    door.reopen()
    assert ask(door).status_code == 200
    assert len(account.asked) == 1
