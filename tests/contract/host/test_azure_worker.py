"""What the local host serves is what Azure's own worker library sees."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from running_host import APPS, ROOT, records, running_host

from functions.index import OPERATIONS, QUEUES
from local.azurite import StorageNames, create_storage
from local.parts import Addresses, product_settings
from local.ports import from_base
from local.world import read_world
from shared.storage.names import CONTAINERS, POISON, TABLES, Queue

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("azure_functions_runtime") is None,
    reason="Azure's worker library, azure-functions-runtime, exists for Python 3.13 and later only",
)

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
AZURE_SIDE = Path(__file__).with_name("azure_side.py")


def azure_side(folder: Path, runs: list[dict[str, Any]], settings: Mapping[str, str]) -> Any:
    """What Azure's worker indexes in the folder, and what it makes of the runs."""
    ended = subprocess.run(
        [sys.executable, str(AZURE_SIDE)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **settings},
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def local_side(folder: Path, settings: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What the local host indexes in the folder."""
    program = (
        "import json, os; from pathlib import Path; from local.host.index import load_functions;"
        "functions = load_functions(Path('function_app.py'), os.environ);"
        "print(json.dumps({f.name: f.bindings for f in functions}))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("app", "settings"),
    [("web", {}), ("work", {"JOBS": "jobs", "SLOW": "slow"}), ("clock", {"EVERY": "* * * * * *"})],
    ids=["web", "work", "clock"],
)
def test_both_sides_index_the_same_functions_and_bindings(app: str, settings: dict[str, str]) -> None:
    assert azure_side(APPS / app, [], settings)["functions"] == local_side(APPS / app, settings)


@pytest.mark.parametrize(
    "app",
    [
        "wrong_parameter",
        "extra_parameter",
        "wrong_annotation",
        "wrong_return",
        "unresolved_annotation",
        "two_apps",
        "no_app",
        "same_name",
        "broken_import",
    ],
)
def test_what_the_local_host_refuses_azures_worker_refuses_too(app: str) -> None:
    with pytest.raises(AssertionError):
        azure_side(APPS / "bad", [], {"PYTHON_SCRIPT_FILE_NAME": f"{app}.py"})


def test_both_sides_answer_a_request_alike() -> None:
    requested = {
        "method": "POST",
        "url": "http://x.example/api/echo/Ada/x?q=1",
        "headers": {"host": "x.example", "accept": "*/*"},
        "query": {"q": "1"},
        "params": {"name": "Ada", "rest": "x"},
        "body": "body",
    }
    runs = [
        {"function": "echo", "http": requested},
        {"function": "answer", "http": {"method": "POST", "url": "http://x.example/api/answer"}},
        {"function": "text", "http": {"url": "http://x.example/api/text"}},
        {"function": "raises", "http": {"url": "http://x.example/api/raises"}},
        {"function": "nothing", "http": {"url": "http://x.example/api/nothing"}},
    ]
    echo, answer, text, raises, nothing = azure_side(APPS / "web", runs, {})["runs"]
    with running_host("web") as host:
        local_echo = requests.post(
            f"{host.url}/api/echo/Ada/x?q=1", data="body", headers={"Host": "x.example"}, timeout=60
        ).json()
        local_answer = requests.post(f"{host.url}/api/answer", timeout=60)
        local_text = requests.get(f"{host.url}/api/text", timeout=60).text
        statuses = [requests.get(f"{host.url}/api/{name}", timeout=60) for name in ("raises", "nothing")]
    azure_echo = json.loads(echo["answer"]["body"])
    for part in ("method", "url", "params", "route", "body"):
        assert local_echo[part] == azure_echo[part]
    assert local_answer.status_code == answer["answer"]["status"]
    assert local_answer.raw.headers.getlist("Set-Cookie") == answer["answer"]["cookies"]
    assert (
        answer["answer"]["headers"].items() <= {k.lower(): v for k, v in local_answer.headers.items()}.items()
    )
    assert local_text == text["answer"]["body"]
    assert not raises["ok"]
    assert not nothing["ok"]
    assert [status.status_code for status in statuses] == [500, 500]


def test_azures_worker_hands_over_a_queue_message(tmp_path: Path) -> None:
    settings = {"RECORD": str(tmp_path / "seen.jsonl")}
    runs = [{"function": "work", "queue": "hello"}, {"function": "fail", "queue": "hello"}]
    worked, failed = azure_side(APPS / "work", runs, settings)["runs"]
    assert worked["ok"]
    assert "this message cannot be handled" in failed["error"]
    assert [(seen["body"], seen["count"]) for seen in records(tmp_path / "seen.jsonl")] == [("hello", 2)] * 2


@pytest.fixture(scope="module")
def product(azurite: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    create_storage(azurite, StorageNames(TABLES, tuple(Queue), CONTAINERS))
    key_file = tmp_path_factory.mktemp("key") / "key.json"
    settings = product_settings(Addresses(from_base(7071)), read_world(), key_file)
    return {**settings, "AzureWebJobsStorage": azurite}


def test_azure_sees_the_functions_of_the_product_that_the_local_host_serves(product: dict[str, str]) -> None:
    azure = azure_side(ROOT, [], product)["functions"]
    assert azure
    assert azure == local_side(ROOT, product)


def test_azure_is_told_every_function_with_the_bindings_of_its_kind(product: dict[str, str]) -> None:
    told = azure_side(ROOT, [], product)["functions"]
    poison = {f"{queue}{POISON}" for queue in Queue}
    queues, timers, operations = {}, {}, {}
    for name, bindings in told.items():
        trigger = next(each for each in bindings if each["type"].endswith("Trigger"))
        assert all(each["direction"] == ("IN" if each is trigger else "OUT") for each in bindings)
        match trigger["type"]:
            case "queueTrigger":
                assert trigger["connection"] == "AzureWebJobsStorage"
                queues[name] = trigger["queueName"]
            case "timerTrigger":
                timers[name] = trigger["schedule"]
            case "httpTrigger":
                assert trigger["authLevel"] == "ANONYMOUS"
                assert [each["name"] for each in bindings if each["type"] == "http"] == ["$return"]
                operations[name] = f"{','.join(sorted(trigger['methods']))} /{trigger['route']}"
    assert queues == QUEUES
    assert set(queues.values()) == set(Queue) | poison
    assert all(len(schedule.split()) == 6 for schedule in timers.values())
    assert set(timers) == {"revive_exports", "forget_old_exports", "watch_service", "forget_sign_ins"}
    assert operations == OPERATIONS


def test_azures_worker_runs_the_products_functions(product: dict[str, str]) -> None:
    known = {"v": 1, "tenant": "contoso", "export": "00000000-0000-4000-8000-000000000000"}
    runs = [
        {"function": "get_openapi", "http": {"url": "http://x.example/api/openapi.json"}},
        {"function": "get_exports", "http": {"url": "http://x.example/api/exports"}},
        {"function": "split_export", "queue": json.dumps(known)},
        {"function": "split_export", "queue": json.dumps({**known, "traceparent": TRACEPARENT})},
        {"function": "split_export", "queue": "no message of ours"},
        {"function": "split_export", "queue": json.dumps({**known, "v": 2})},
    ]
    described, stranger, worked, traced, dropped, refused = azure_side(ROOT, runs, product)["runs"]
    assert json.loads(described["answer"]["body"])["openapi"].startswith("3.1")
    assert stranger["answer"]["status"] == 401
    ended = (worked, traced, dropped)
    assert all(each["ok"] for each in ended), [each["error"] for each in ended]
    assert not refused["ok"]
    assert "another version" in refused["error"]


def test_azures_worker_runs_them_with_telemetry_as_well(product: dict[str, str]) -> None:
    settings = {
        **product,
        "PYTHON_ENABLE_OPENTELEMETRY": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
    }
    runs = [{"function": "get_exports", "http": {"url": "http://x.example/api/exports"}}]
    (answered,) = azure_side(ROOT, runs, settings)["runs"]
    assert answered["answer"]["status"] == 401
