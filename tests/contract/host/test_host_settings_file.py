import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host.settings import HostSettings, QueueSettings, StartError, read_settings

ROOT = Path(__file__).parents[3]


def settings(folder: Path, queues: dict[str, Any], **environment: str) -> HostSettings:
    (folder / "host.json").write_text(json.dumps({"version": "2.0", "extensions": {"queues": queues}}))
    return read_settings(folder, environment)


def test_missing_host_json_means_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}).queues == QueueSettings(16, 8, 5, timedelta(), timedelta(minutes=1))


def test_new_batch_threshold_is_half_the_batch_unless_given(tmp_path: Path) -> None:
    assert settings(tmp_path, {"batchSize": 10}).queues.new_batch_threshold == 5
    assert settings(tmp_path, {"batchSize": 10, "newBatchThreshold": 0}).queues.new_batch_threshold == 0


def test_development_polls_at_least_every_two_seconds(tmp_path: Path) -> None:
    longest = settings(
        tmp_path, {}, AZURE_FUNCTIONS_ENVIRONMENT="Development"
    ).queues.longest_polling_interval
    assert longest == timedelta(seconds=2)


def test_settings_of_the_environment_have_the_last_word_over_host_json(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text('{"version": "2.0", "extensions": {"queues": {"batchSize": 4}}}')
    override = "AzureFunctionsJobHost__extensions__queues__"
    environment = {f"{override}batchSize": "2", f"{override}maxPollingInterval": "00:00:07"}
    queues = read_settings(tmp_path, environment).queues
    assert (queues.batch_size, queues.longest_polling_interval) == (2, timedelta(seconds=7))


@pytest.mark.parametrize(
    ("queues", "complaint"),
    [
        ({"batchSize": 33}, "batchSize in host.json is 33: it must be a number from 1 to 32"),
        ({"batchSize": "many"}, "batchSize in host.json is 'many'"),
        ({"maxDequeueCount": 0}, "maxDequeueCount in host.json is 0"),
        ({"visibilityTimeout": "10"}, "visibilityTimeout in host.json is '10'"),
        ({"messageEncoding": "utf-8"}, "it must be base64 or none"),
    ],
)
def test_wrong_setting_is_refused_by_name(tmp_path: Path, queues: dict[str, Any], complaint: str) -> None:
    with pytest.raises(StartError, match=complaint):
        settings(tmp_path, queues)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": "1.0"}'])
def test_host_json_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "host.json").write_text(text)
    with pytest.raises(StartError, match=r"host\.json"):
        read_settings(tmp_path, {})


def test_number_of_threads_outside_the_workers_range_is_left_to_python(tmp_path: Path) -> None:
    assert settings(tmp_path, {}, PYTHON_THREADPOOL_THREAD_COUNT="8").threads == 8
    assert settings(tmp_path, {}, PYTHON_THREADPOOL_THREAD_COUNT="33").threads is None


def test_projects_own_host_json_leaves_no_queue_setting_to_the_number_of_processors() -> None:
    stated = json.loads((ROOT / "host.json").read_text())["extensions"]["queues"]
    assert {"batchSize", "newBatchThreshold", "maxDequeueCount", "visibilityTimeout"} <= stated.keys()


def test_the_project_decodes_its_messages_itself() -> None:
    assert not read_settings(ROOT, {}).queues.base64
