import base64
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests
from azure.storage.queue import QueueClient, QueueServiceClient
from forwarding import forwarding
from running_host import RunningHost, records, running_host, wait_for

LEASE = 2
BATCH_AND_THRESHOLD = 4 + 2
MAX_DEQUEUE_COUNT = 3
QUEUES = ("jobs", "async-jobs", "failing", "hopeless-poison", "slow", "crowd", "worn-out")


@pytest.fixture(scope="module")
def account(azurite: str) -> Iterator[QueueServiceClient]:
    with QueueServiceClient.from_connection_string(azurite) as service:
        yield service


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("record") / "seen.jsonl"


@pytest.fixture(scope="module")
def host(azurite: str, account: QueueServiceClient, record: Path) -> Iterator[RunningHost]:
    for name in QUEUES:
        account.create_queue(name)
    wear_out(account.get_queue_client("worn-out"))
    with running_host(
        "work",
        AzureWebJobsStorage=azurite,
        JOBS="jobs",
        SLOW="slow",
        RECORD=str(record),
        LEASE=str(LEASE),
        PYTHON_THREADPOOL_THREAD_COUNT="16",
    ) as running:
        yield running


def wear_out(queue: QueueClient) -> None:
    """A message that was delivered as often as it may be before the host sees it."""
    queue.send_message(encoded("worn out"))
    for _ in range(MAX_DEQUEUE_COUNT):
        message = queue.receive_message(visibility_timeout=1)
        assert message
        queue.update_message(message, visibility_timeout=0)


def unlike_others(text: str) -> str:
    """Tests share a host with its record, and one that is run again finds there what it left."""
    return f"{text} {uuid4()}"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def send(account: QueueServiceClient, queue: str, text: str) -> str:
    return str(account.get_queue_client(queue).send_message(encoded(text)).id)


def seen(record: Path, body: str, times: int = 1) -> list[dict[str, Any]]:
    def found() -> list[dict[str, Any]] | None:
        lines = [line for line in records(record) if line["body"] == body]
        return lines if len(lines) >= times else None

    return wait_for(found)


def waiting(account: QueueServiceClient, queue: str) -> int:
    return account.get_queue_client(queue).get_queue_properties().approximate_message_count or 0


def poisoned(account: QueueServiceClient, queue: str, text: str) -> None:
    """Waits until `text` lies in the queue's poison queue."""
    names = lambda: {entry.name for entry in account.list_queues()}  # noqa: E731 - asked again and again
    wait_for(lambda: f"{queue}-poison" in names())
    poison = account.get_queue_client(f"{queue}-poison")
    wait_for(lambda: text in {message.content for message in poison.peek_messages(32)})


def test_message_arrives_decoded_with_all_that_storage_knows_of_it(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    text = unlike_others("grüße")
    sent = send(account, "jobs", text)
    (message,) = seen(record, text)
    assert (message["id"], message["count"]) == (sent, 1)
    assert message["inserted"] < message["visible"] < message["expires"]
    assert message["receipt"]


def test_handled_message_is_deleted(host: RunningHost, account: QueueServiceClient, record: Path) -> None:
    text = unlike_others("to be deleted")
    send(account, "jobs", text)
    assert seen(record, text)
    wait_for(lambda: waiting(account, "jobs") == 0)


def test_asynchronous_functions_and_short_connection_names_work(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    text = unlike_others("asynchronous")
    send(account, "async-jobs", text)
    assert seen(record, text)


def test_failing_message_is_tried_again_after_the_delay_and_then_poisoned(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    text = unlike_others("will fail")
    send(account, "failing", text)
    poisoned(account, "failing", encoded(text))
    tries = seen(record, text, MAX_DEQUEUE_COUNT)
    assert [attempt["count"] for attempt in tries] == [1, 2, 3]
    assert all(later["at"] - earlier["at"] >= 0.9 for earlier, later in pairwise(tries))
    wait_for(lambda: waiting(account, "failing") == 0)


def test_undecodable_message_is_poisoned_as_it_is_and_runs_no_function(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    account.get_queue_client("jobs").send_message("{not base64}")
    poisoned(account, "jobs", "{not base64}")
    assert not [line for line in records(record) if "not base64" in line["body"]]


def test_message_delivered_too_often_is_poisoned_without_a_run(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    poisoned(account, "worn-out", encoded("worn out"))
    assert not [line for line in records(record) if line["body"] == "worn out"]


def test_poison_queue_has_no_poison_queue_of_its_own(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    text = unlike_others("hopeless")
    send(account, "hopeless-poison", text)
    first, second, *_ = seen(record, text, 2)
    # A failed one stays hidden for the rest of its lease, whatever host.json says of retries.
    inserted, hidden_until = (datetime.fromisoformat(first[name]) for name in ("inserted", "visible"))
    assert hidden_until - inserted >= timedelta(seconds=LEASE - 1)
    assert second["at"] >= hidden_until.timestamp()
    assert "hopeless-poison-poison" not in {entry.name for entry in account.list_queues()}


def test_lease_is_renewed_while_the_function_runs(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    # A machine that stands still loses a lease in spite of everything, so that there are several tries.
    assert any(steps(account, record, f"{LEASE * 2.25}{uuid4().int}") == ["begun", "ended"] for _ in range(3))


def steps(account: QueueServiceClient, record: Path, seconds: str) -> list[str]:
    """What was done with a message that takes so long, until nothing of it is left."""
    send(account, "slow", seconds)
    wait_for(lambda: [line for line in seen(record, seconds, 2) if line["step"] == "ended"])
    wait_for(lambda: waiting(account, "slow") == 0)
    return [line["step"] for line in records(record) if line["body"] == seconds]


def test_no_more_messages_are_in_work_than_batch_and_threshold(
    host: RunningHost, account: QueueServiceClient, record: Path
) -> None:
    text = unlike_others("crowd")
    for _ in range(24):
        send(account, "crowd", text)
    together = [line["together"] for line in seen(record, text, 24)]
    assert 4 < max(together) <= BATCH_AND_THRESHOLD


def test_function_is_run_by_hand_with_the_given_input(host: RunningHost, record: Path) -> None:
    text = unlike_others("by hand")
    answer = requests.post(f"{host.url}/admin/functions/work", json={"input": text}, timeout=60)
    assert answer.status_code == 202
    (message,) = seen(record, text)
    assert message["count"] == 0


def test_queue_that_is_made_later_is_served_and_plain_text_is_left_alone(
    azurite: str, account: QueueServiceClient, tmp_path: Path
) -> None:
    record = tmp_path / "seen"
    with running_host("raw", Elsewhere=azurite, RECORD=str(record)) as host:
        assert requests.get(f"{host.url}/api/alive", timeout=60).text == "yes"
        queue = account.create_queue("raw")
        try:
            queue.send_message("{plain}")
            wait_for(lambda: record.exists() and record.read_text() == "{plain}")
        finally:
            queue.delete_queue()


def test_storage_that_does_not_answer_is_waited_for(
    azurite: str, account: QueueServiceClient, tmp_path: Path
) -> None:
    record = tmp_path / "seen"
    queue_port = urlsplit(str(account.url)).port
    with socket.socket() as storage:  # its port is taken, and nobody listens yet
        storage.bind(("127.0.0.1", 0))
        port = storage.getsockname()[1]
        connection = azurite.replace(f":{queue_port}/", f":{port}/")
        with running_host("raw", Elsewhere=connection, RECORD=str(record)) as host:
            wait_for(lambda: host.logged(f"work_on_text waits: the storage at http://127.0.0.1:{port}/"))
            assert requests.get(f"{host.url}/api/alive", timeout=60).text == "yes"
            with forwarding(storage, int(queue_port or 0)):
                wait_for(lambda: host.logged("work_on_text goes on"))
                assert len(host.logged("work_on_text waits")) == 1
            assert host.stop() == 0


def test_sigterm_lets_a_message_finish_and_deletes_it(
    azurite: str, account: QueueServiceClient, tmp_path: Path
) -> None:
    record = tmp_path / "seen.jsonl"
    queue = f"slow-{uuid4()}"
    account.create_queue(queue)
    settings = {"AzureWebJobsStorage": azurite, "JOBS": "jobs-2", "SLOW": queue}
    with running_host("work", **settings, RECORD=str(record)) as host:
        send(account, queue, "1.5")
        seen(record, "1.5", 1)
        assert host.stop() == 0
    assert [line["step"] for line in seen(record, "1.5")] == ["begun", "ended"]
    assert waiting(account, queue) == 0


def test_message_of_a_killed_host_comes_back_when_its_lease_ends(
    azurite: str, account: QueueServiceClient, tmp_path: Path
) -> None:
    record = tmp_path / "seen.jsonl"
    queue, longer_than_this_test = f"slow-{uuid4()}", "3600"
    account.create_queue(queue)
    settings = {"AzureWebJobsStorage": azurite, "JOBS": "jobs-3", "SLOW": queue, "LEASE": str(LEASE)}
    send(account, queue, longer_than_this_test)
    for times in (1, 2):
        with running_host("work", **settings, RECORD=str(record)) as host:
            seen(record, longer_than_this_test, times)
            host.process.kill()
    tries = [(attempt["count"], attempt["step"]) for attempt in seen(record, longer_than_this_test)]
    assert tries == [(1, "begun"), (2, "begun")]
