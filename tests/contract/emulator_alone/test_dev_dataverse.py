"""./dev dataverse: with tokens, kept or fresh, and an end in good order."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from local.ports import free_ports

ROOT = Path(__file__).parents[3]


@contextmanager
def started(state: Path, *options: str) -> Iterator[str]:
    """What the command printed until it was ready."""
    command = [sys.executable, "-m", "local.commands", "dataverse", *options]
    environment = {**os.environ, "DEV_STATE": str(state), "NO_PROXY": "127.0.0.1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line)
            if line == "ready\n":
                break
        try:
            yield "".join(lines)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(120) == 0


def web_api(printed: str) -> str:
    found = re.search(r"Web API +(\S+)", printed)
    assert found, printed
    return found[1]


def commands(printed: str) -> str:
    """The two commands for copying, as printed."""
    return "\n".join(
        line.strip() for line in printed.splitlines() if line.startswith(("  TOKEN", "    ", "  curl"))
    )


def test_the_printed_commands_get_a_token_and_an_answer(tmp_path: Path) -> None:
    with started(tmp_path, "--port", "0") as printed:
        assert requests.get(web_api(printed) + "WhoAmI", timeout=60).status_code == 401
        done = subprocess.run(
            ["/bin/bash", "-ec", commands(printed)], capture_output=True, text=True, timeout=180, check=True
        )
        assert '"UserId":' in done.stdout


def test_rows_are_kept_until_a_fresh_start(tmp_path: Path) -> None:
    port = str(free_ports().dataverse)
    counts: list[int] = []
    for options in ((), (), ("--fresh",)):
        with started(tmp_path, "--anonymous", "--port", port, *options) as printed:
            accounts = web_api(printed) + "accounts"
            counts.append(len(requests.get(accounts, timeout=60).json()["value"]))
            requests.post(accounts, json={"name": "Northwind"}, timeout=60)
    assert counts == [0, 1, 0]


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path) -> None:
    with started(tmp_path / "one", "--anonymous", "--port", "0") as printed:
        port = web_api(printed).rpartition(":")[2].partition("/")[0]
        command = [sys.executable, "-m", "local.commands", "dataverse", "--anonymous", "--port", port]
        environment = {**os.environ, "DEV_STATE": str(tmp_path / "two")}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False
        )
    assert done.returncode == 1
    assert f"port {port} is taken" in done.stderr
    assert "--port" in done.stderr
