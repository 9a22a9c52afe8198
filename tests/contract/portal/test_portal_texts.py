"""Every text of the portal exists in every language."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parents[3] / "portal" / "src"
FOLDERS = sorted(file.parent for file in SOURCES.rglob("texts/en.json"))


def texts(file: Path) -> dict[str, str]:
    return dict(flat("", json.loads(file.read_text("utf-8"))))


def flat(prefix: str, content: dict[str, Any]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in content.items():
        name = f"{prefix}{key}"
        pairs += flat(f"{name}.", value) if isinstance(value, dict) else [(name, value)]
    return pairs


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_german_has_the_texts_that_english_has(folder: Path) -> None:
    english, german = texts(folder / "en.json"), texts(folder / "de.json")
    assert sorted(german) == sorted(english)
    assert not [key for key, text in german.items() if not text.strip()]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_both_languages_fill_in_the_same_values(folder: Path) -> None:
    english, german = texts(folder / "en.json"), texts(folder / "de.json")
    gaps = re.compile(r"\{\{(\w+)")
    differing = [
        key for key in english if set(gaps.findall(english[key])) != set(gaps.findall(german.get(key, "")))
    ]
    assert differing == []
