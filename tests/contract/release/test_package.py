"""What is deployed: the app, the packages that it imports, and nothing else."""

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from local.release.contents import DEPLOYED, deployed_files

ROOT = Path(__file__).parents[3]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)

# Which distribution has a module: the longest name that fits.
DISTRIBUTIONS = {
    "azure.core": "azure-core",
    "azure.data.tables": "azure-data-tables",
    "azure.functions": "azure-functions",
    "azure.identity": "azure-identity",
    "azure.keyvault.keys": "azure-keyvault-keys",
    "azure.monitor.opentelemetry": "azure-monitor-opentelemetry-exporter",
    "azure.storage.blob": "azure-storage-blob",
    "azure.storage.queue": "azure-storage-queue",
    "cryptography": "cryptography",
    "jwt": "pyjwt",
    "msal": "msal",
    "opentelemetry": "opentelemetry-api",
    "opentelemetry.exporter.otlp": "opentelemetry-exporter-otlp-proto-http",
    "opentelemetry.sdk": "opentelemetry-sdk",
    "orjson": "orjson",
    "phonenumbers": "phonenumberslite",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",  # which pins it
    "requests": "requests",
    "urllib3": "urllib3",
}


def names(file: str) -> dict[str, set[str]]:
    """The versions that a requirements file pins, by name."""
    pinned: dict[str, set[str]] = {}
    for name, version in PINNED.findall((ROOT / file).read_text(encoding="utf-8")):
        pinned.setdefault(name.lower().replace("_", "-"), set()).add(version.rstrip(";"))
    return pinned


def imported() -> Iterator[str]:
    """Every module that the deployed code imports, wherever it does."""
    for file in deployed_files(ROOT):
        if file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def distribution_of(module: str) -> str | None:
    """The distribution that has the module; None for the standard library and what is ours."""
    first = module.partition(".")[0]
    if first in sys.stdlib_module_names or first in {"functions", "shared", "function_app"}:
        return None
    fitting = [name for name in DISTRIBUTIONS if f"{module}.".startswith(f"{name}.")]
    return DISTRIBUTIONS[max(fitting, key=len)] if fitting else module


def test_what_is_imported_is_required_and_what_is_required_is_imported() -> None:
    used = {name for name in map(distribution_of, imported()) if name is not None}
    assert used == set(names("requirements.in"))


def test_every_pinned_requirement_is_pinned_the_same_with_a_hash() -> None:
    wanted, pinned = names("requirements.in"), names("requirements.txt")
    assert {name: pinned.get(name) for name in wanted} == wanted
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert [block for block in blocks if not block.startswith("#") and "--hash=sha256:" not in block] == []


def test_no_address_of_a_registry_is_pinned() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text


def test_azures_own_tools_pack_the_same_files() -> None:
    lines = (ROOT / ".funcignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def is_ignored(name: str) -> bool:
        return any(fnmatch(name, pattern.removeprefix("/")) for pattern in patterns)

    packed = {path.name for path in ROOT.iterdir() if not is_ignored(path.name)}
    assert packed - {"version.txt"} == set(DEPLOYED)


@pytest.mark.parametrize("kind", ["tests", "local", "benchmarks", ".github"])
def test_nothing_that_tests_or_develops_is_deployed(kind: str) -> None:
    assert not any(file.parts[0] == kind for file in deployed_files(ROOT))
