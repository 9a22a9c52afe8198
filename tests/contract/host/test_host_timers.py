import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from azure.storage.blob import BlobServiceClient
from running_host import RunningHost, running_host, wait_for

STATUS = "timers/local/by_hand/status"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "ran"


@pytest.fixture
def host(record: Path) -> Iterator[RunningHost]:
    with running_host("clock", EVERY="* * * * * *", RECORD=str(record)) as running:
        yield running


def runs(record: Path, name: str) -> list[float]:
    lines = record.read_text().splitlines() if record.exists() else []
    return [float(line.split()[2]) for line in lines if line.split()[0] == name]


def test_timer_runs_every_second_of_its_schedule(host: RunningHost, record: Path) -> None:
    # On a busy machine a run may come late; sooner or later three in a row come in time.
    wait_for(lambda: any(map(in_time, *(runs(record, "tick")[at:] for at in range(3)))))


def in_time(*moments: float) -> bool:
    """Whether they come early in seconds that follow each other."""
    first = int(moments[0])
    return all(0 <= moment - first - number < 0.5 for number, moment in enumerate(moments))


def test_timer_that_wants_it_runs_at_the_start(host: RunningHost, record: Path) -> None:
    wait_for(lambda: runs(record, "at_start"))
    assert len(runs(record, "at_start")) == 1
    assert not runs(record, "by_hand")


def test_timer_is_run_by_hand(host: RunningHost, record: Path) -> None:
    assert requests.post(f"{host.url}/admin/functions/by_hand", json={}, timeout=60).status_code == 202
    wait_for(lambda: runs(record, "by_hand"))


def test_two_runs_of_one_timer_never_overlap(host: RunningHost, record: Path) -> None:
    for _ in range(5):
        requests.post(f"{host.url}/admin/functions/tick", json={}, timeout=60)
    wait_for(lambda: len(runs(record, "tock")) >= 5)
    begun_and_ended = [line.split()[0] for line in record.read_text().splitlines() if line.startswith("t")]
    assert begun_and_ended[:10] == ["tick", "tock"] * 5


def test_run_missed_while_the_host_was_down_is_made_up_for_and_marked(azurite: str, record: Path) -> None:
    service = BlobServiceClient.from_connection_string(azurite)
    container = service.get_container_client("azure-webjobs-hosts")
    settings = {"AzureWebJobsStorage": azurite, "EVERY": "0 0 0 1 1 *", "RECORD": str(record)}
    with running_host("clock", **settings):
        wait_for(lambda: container.exists() and container.get_blob_client(STATUS).exists())
    missed = {"Last": "2024-01-01T00:00:00+00:00", "Next": "2024-02-29T00:00:00+00:00"}
    container.upload_blob(STATUS, json.dumps(missed), overwrite=True)
    with running_host("clock", **settings):
        wait_for(lambda: runs(record, "by_hand"))
    assert [line.split()[1] for line in record.read_text().splitlines() if "by_hand" in line] == ["True"]
    with running_host("clock", **settings):
        pass
    assert len(runs(record, "by_hand")) == 1
    service.close()
