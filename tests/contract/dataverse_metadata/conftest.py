"""The real metadata of a Dataverse organization, where it lies beside the checkout."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REAL_FILES = Path(__file__).resolve().parents[4] / "shared" / "dataverse"


@pytest.fixture(scope="session")
def real_path() -> Callable[[str], Path]:
    """The path of a real file; the test is skipped, in words, where it is missing."""

    def path_of(name: str) -> Path:
        path = REAL_FILES / name
        if not path.exists():
            pytest.skip(f"shared/dataverse/{name} is not beside the checkout")
        return path

    return path_of


@pytest.fixture(scope="session")
def real_json(real_path: Callable[[str], Path]) -> Callable[[str], Any]:
    """The content of a real JSON file."""
    return lambda name: json.loads(real_path(name).read_text(encoding="utf-8"))
