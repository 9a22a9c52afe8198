"""./dev demo as a newcomer calls it, each call a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.api_client import ApiClient
from local.demo.sending import start_export
from local.demo.traffic import Dataverse
from local.exporting import follow
from local.ports import free_ports
from local.progress import ProgressDisplay
from local.stack import ROOT, Stack, StackOptions, running_stack

REAL = ROOT.parent / "shared" / "data"

pytestmark = pytest.mark.stack


@dataclass(frozen=True)
class Call:
    """What a call of the demo printed, without the widths of its columns, and its exit code."""

    printed: str
    code: int

    def __contains__(self, text: str) -> bool:
        return text in " ".join(self.printed.split())


def demo(state: Path, *arguments: str, port_base: int | None = None) -> Call:
    ports = {} if port_base is None else {"DEV_PORT_BASE": str(port_base)}
    call = subprocess.run(
        [sys.executable, "-m", "local.commands", "demo", "--once", *arguments],
        cwd=ROOT,
        env={**os.environ, **ports, "DEV_STATE": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        encoding="utf-8",
        check=False,
    )
    return Call(call.stdout, call.returncode)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(state: Path) -> Call:
    """The first call, with a stack that it starts and ends."""
    return demo(state, port_base=free_ports().host)


@pytest.fixture(scope="module")
def later(state: Path, first: Call) -> Iterator[Stack]:
    """The same state on a stack of another day, which the demo finds running."""
    assert first.code == 0, first.printed
    with running_stack(state, StackOptions(persistent=True)) as stack:
        yield stack


@pytest.fixture
def dataverse(later: Stack) -> Dataverse:
    return Dataverse(later.dataverse, later.organization_url)


def test_the_first_demo_signs_in_and_gives_every_record_an_outcome(first: Call) -> None:
    assert first.code == 0, first.printed
    assert "Ada Lindqvist (Global Admin) signed in" in first
    assert "accounts 50 50 0 0 0 0" in first
    assert "leads 300 298 0 0 0 2" in first
    assert "50 accounts and 298 leads, 348 of them new, as many as were created" in first


def test_the_demo_says_why_a_record_failed(first: Call) -> None:
    assert "record 299, id 3000000299: Dynamics requires “Last Name”" in first


def test_a_second_demo_creates_nothing_twice_and_says_so(
    state: Path, later: Stack, dataverse: Dataverse
) -> None:
    before = dataverse.rows("account"), dataverse.rows("lead")
    second = demo(state)
    assert second.code == 0, second.printed
    assert "already connected to Contoso" in second
    assert "Nothing was created twice: 348 unchanged." in second
    assert (dataverse.rows("account"), dataverse.rows("lead")) == before


def test_real_people_and_companies_arrive_once_each(state: Path, dataverse: Dataverse) -> None:
    if not REAL.is_dir():
        pytest.skip("the real input ../shared/data is not beside the checkout")
    before = dataverse.rows("account"), dataverse.rows("lead")
    files = ("--people", str(REAL / "people.ndjson"), "--companies", str(REAL / "companies.ndjson"))
    once, again = demo(state, *files), demo(state, *files)
    assert (once.code, again.code) == (0, 0), once.printed + again.printed
    # Three companies stand in the file twice, each time under one id.
    assert "accounts 404 401 0 3 0 0" in once
    assert "leads 412 412 0 0 0 0" in once
    assert "Nothing was created twice: 816 unchanged." in again
    new = dataverse.rows("account") - before[0], dataverse.rows("lead") - before[1]
    assert new == (401, 412)


def test_an_export_that_failed_as_a_whole_ends_the_demo_with_1_and_a_sentence(
    state: Path, later: Stack, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("colour,size\nred,9\n", encoding="utf-8")
    (tmp_path / "companies.ndjson").touch()
    call = demo(
        state, "--people", str(tmp_path / "people.csv"), "--companies", str(tmp_path / "companies.ndjson")
    )
    assert call.code == 1
    assert "dev: companies.ndjson was not exported:" in call
    assert "dev: the export of leads ended as failed: The first line names no vendor field" in call


def test_a_file_too_large_for_one_request_is_uploaded_beforehand(later: Stack, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,lastName,companyName\n77,Uploaded,Alder & Quill\n", encoding="utf-8")
    client = ApiClient(later.api, later.token("contoso", "ada"))
    export_id = start_export(client, file, "lead", largest_body=10)
    finished = follow(client, export_id, ProgressDisplay("leads", sys.stderr))
    assert finished.counts["created"] == 1
