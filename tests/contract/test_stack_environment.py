import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.environment import azurite, interpreters, packages, virtualenv
from local.environment.steps import Offline, StepFailed, Steps
from local.errors import DevError

ROOT = Path(__file__).resolve().parents[2]
RUNNING = "{}.{}".format(*sys.version_info[:2])
BEFORE_THE_ENVIRONMENT = [
    *(ROOT / "local" / "environment").glob("*.py"),
    *(
        ROOT / name
        for name in ("dev", "local/errors.py", "local/commands/__init__.py", "local/commands/calls.py")
    ),
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder in which everything seems to be installed."""
    for name in ("requirements.txt", "requirements-dev.txt", "local/azurite/package-lock.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    python = virtualenv.python_of(tmp_path)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"version = {RUNNING}.0\n")
    (tmp_path / "local" / "azurite" / "node_modules").mkdir()
    packages.note_current(tmp_path)
    azurite.note_current(tmp_path)
    return tmp_path


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    return Steps(tmp_path / "logs" / "setup.log")


def shim(folder: Path, script: str) -> Path:
    folder.mkdir(parents=True)
    file = folder / f"python{RUNNING}"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("file", BEFORE_THE_ENVIRONMENT, ids=lambda file: file.name)
def test_what_runs_before_the_environment_is_there_is_plain_python_3_8(file: Path) -> None:
    ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_environment_with_everything_is_left_alone(checkout: Path) -> None:
    assert packages.are_current(checkout)
    assert azurite.is_current(checkout)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_changed_requirements_are_installed(checkout: Path, name: str) -> None:
    with (checkout / name).open("a") as file:
        file.write("six==1.17.0\n")
    assert not packages.are_current(checkout)


def test_a_changed_lockfile_is_installed(checkout: Path) -> None:
    (checkout / "local" / "azurite" / "package-lock.json").write_text("{}")
    assert not azurite.is_current(checkout)


def test_an_environment_whose_python_is_gone_is_repaired(checkout: Path) -> None:
    python = virtualenv.python_of(checkout)
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert not packages.are_current(checkout)


def test_another_python_in_the_environment_is_noticed(checkout: Path) -> None:
    (checkout / ".venv" / "pyvenv.cfg").write_text("version = 3.99.0\n")
    assert not packages.are_current(checkout)


def test_a_shim_that_refuses_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim(tmp_path / "shims", "echo 'command not found' >&2; exit 127")
    good = shim(tmp_path / "bin", f'exec {sys.executable} "$@"')
    monkeypatch.setattr(interpreters, "VERSIONS", (RUNNING,))
    monkeypatch.setattr(sys, "executable", "/nowhere/python3")
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:{good.parent}")
    assert interpreters.best_interpreter().minor == RUNNING


def test_without_a_usable_python_the_error_says_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = shim(tmp_path / "bin", "echo 'ModuleNotFoundError: No module named ensurepip' >&2; exit 1")
    monkeypatch.setattr(interpreters, "VERSIONS", (RUNNING,))
    monkeypatch.setattr(sys, "executable", "/nowhere/python3")
    monkeypatch.setattr(sys, "base_prefix", "/nowhere/python3")
    monkeypatch.setenv("PATH", str(refusing.parent))
    with pytest.raises(DevError, match=rf"needs Python 3.13, 3.12 or 3.11(.|\n)*{refusing}.*ensurepip"):
        interpreters.best_interpreter()


def test_versions_beside_the_shims_are_found_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shims").mkdir()
    found = [shim(tmp_path / "versions" / f"3.99.{patch}" / "bin", "") for patch in (2, 10)]
    for each in found:
        each.rename(each.with_name("python3.99"))
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    assert [Path(path).parents[1].name for path in interpreters.candidates("3.99")] == ["3.99.10", "3.99.2"]


def test_a_step_that_fails_is_told_in_one_sentence_with_its_last_line(steps: Steps, tmp_path: Path) -> None:
    with pytest.raises(
        StepFailed, match=r"^making it failed with 'no space left'; .*setup.log has the details"
    ):
        steps.run("making it", ["sh", "-c", "echo no space left; exit 3"])
    assert "no space left" in (tmp_path / "logs" / "setup.log").read_text()


@pytest.mark.parametrize(
    "words", ["Temporary failure in name resolution", "npm error code ENOTFOUND", "client error (Connect)"]
)
def test_a_missing_network_is_called_that(steps: Steps, words: str) -> None:
    with pytest.raises(Offline, match="cannot reach them; check the network"):
        steps.run("installing", ["sh", "-c", f"echo '{words}'; exit 1"])


def test_help_needs_no_environment(tmp_path: Path) -> None:
    shutil.copy(ROOT / "dev", tmp_path / "dev")
    shutil.copytree(ROOT / "local", tmp_path / "local", ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run(
        [sys.executable, "dev"], cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ
    )
    assert "./dev CALL" in done.stdout
    assert not (tmp_path / ".venv").exists()
