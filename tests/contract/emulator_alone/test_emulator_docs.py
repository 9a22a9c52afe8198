"""What docs/emulator.md tells people to type works as it stands there."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.emulator_alone import Alone, AloneOptions, running_alone
from tests.contract.dataverse.running_dataverse import Organization

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"^```\w+ (\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SNIPPETS = dict(BLOCK.findall((ROOT / "docs" / "emulator.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """What `./dev dataverse --anonymous --https` starts."""
    options = AloneOptions(port=0, anonymous=True, https=True)
    with running_alone(tmp_path_factory.mktemp("state"), options) as found:
        yield found


@pytest.fixture
def environment(alone: Alone) -> dict[str, str]:
    trusted = {name: str(alone.authority) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    return {**os.environ, "DATAVERSE": alone.address, "NO_PROXY": "*", **trusted}


def run(command: list[str], environment: Mapping[str, str], folder: Path = ROOT) -> str:
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_all_snippets_are_run() -> None:
    assert sorted(SNIPPETS) == ["conftest", "curl", "pandas", "sdk", "test"]


def test_curl_creates_and_finds(environment: dict[str, str]) -> None:
    output = run(["bash", "-ec", SNIPPETS["curl"]], environment)
    assert output.count('"name":"Fourth Coffee"') >= 2


def test_the_sdk_writes_and_lists(environment: dict[str, str]) -> None:
    assert "Northwind +49 30 1234" in run([sys.executable, "-c", SNIPPETS["sdk"]], environment)


def test_pandas_reads_all_pages(environment: dict[str, str], alone: Alone) -> None:
    run(["bash", "-ec", SNIPPETS["curl"]], environment)
    output = run([sys.executable, "-c", SNIPPETS["pandas"]], environment)
    assert re.search(r"Fourth Coffee +40", output)


def test_the_fixture_serves_tests(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(SNIPPETS["conftest"], encoding="utf-8")
    (tmp_path / "test_mine.py").write_text(SNIPPETS["test"], encoding="utf-8")
    here = {**environment, "EMULATOR": str(ROOT)}
    here.pop("REQUESTS_CA_BUNDLE")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert "2 passed" in run(command, here, tmp_path)


def test_any_word_is_a_token_where_none_is_needed(environment: dict[str, str], alone: Alone) -> None:
    organization = Organization(alone.address, "anybody")
    organization.session.trust_env = False
    organization.session.verify = environment["REQUESTS_CA_BUNDLE"]
    with organization.session:
        assert organization.get("WhoAmI").status_code == 200
        organization.session.headers["Authorization"] = "Bearer not.a.token"
        assert organization.get("WhoAmI").status_code == 401
