import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from running_host import APPS, ROOT

from local.host.index import load_functions
from local.host.settings import StartError

REFUSALS = {
    "same_route": "functions first and second both answer PUT things/{}",
    "hidden_route": "rename special_thing so that it comes first",
    "same_name": "Function twin does not have a unique function name",
    "wrong_parameter": "function work has parameters that no binding names: msg",
    "extra_parameter": "function one has parameters that no binding names: repository",
    "wrong_annotation": "the parameter timer of function tick is annotated QueueMessage",
    "wrong_return": "function one returns int",
    "unresolved_annotation": "name 'Missing' is not defined",
    "two_apps": "Azure accepts exactly one",
    "no_app": "has no FunctionApp",
    "unserved_binding": "the binding out of type queue, which the local host does not serve",
    "missing_setting": "names the setting NO_SUCH_SETTING, which is not set",
    "broken_import": "No module named 'a_module_that_does_not_exist'",
    "bad_route": "the constraint 'uuid'",
    "absent": "there is no absent.py",
}


@pytest.mark.parametrize(("app", "sentence"), REFUSALS.items(), ids=REFUSALS.keys())
def test_app_that_azure_could_not_serve_is_refused_in_a_sentence(app: str, sentence: str) -> None:
    with pytest.raises(StartError, match=r"(?s)^.+$") as refusal:
        load_functions(APPS / "bad" / f"{app}.py", {})
    assert sentence in str(refusal.value)


def start(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local.host", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_refused_app_ends_the_host_with_code_1_and_one_line() -> None:
    ended = start("--port", "0", "--app", "same_route.py", folder=APPS / "bad")
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "both answer PUT things/{}" in ended.stderr


def test_port_in_use_ends_the_host_with_code_1_and_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start("--port", str(port), folder=APPS / "web")
    assert ended.returncode == 1
    assert f"port {port} cannot be used" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_storage_connection_that_is_not_set_ends_the_host_with_code_1() -> None:
    ended = start("--port", "0", folder=APPS / "raw")
    assert ended.returncode == 1
    assert "function work_on_text uses the storage connection Elsewhere, which is not set" in ended.stderr
