"""Sentences of the API in other languages: each belongs to a code that the service has."""

import json
from pathlib import Path

import pytest

from tests.error_codes import codes

FOLDER = Path(__file__).parents[3] / "portal" / "src" / "i18n" / "sentences"
# What is filled in there is a part of the sentence, or stands on the same screen.
FILLED = {"accessDenied", "exportEnded", "exportsThrottled", "organizationMoved", "organizationUnreachable"}
# By code; those whose names have a second part are sentences with places to fill in.
FILES = sorted(file for file in FOLDER.glob("*.json") if "." not in file.stem)


def test_german_is_among_the_languages() -> None:
    assert "de" in {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_sentence_belongs_to_a_code_and_leaves_out_no_value(file: Path) -> None:
    sentences: dict[str, str] = json.loads(file.read_text("utf-8"))
    assert list(sentences) == sorted(sentences)
    assert all(text.endswith(".") for text in sentences.values())
    said: dict[str, set[str]] = {}
    for each in codes():
        said.setdefault(each.code, set()).add(each.sentence)
    assert set(sentences) - set(said) == set(), "no such code: the service says it otherwise now"
    # What the service fills in (a name, a number) would be lost.
    assert {code for code in sentences if any("…" in text for text in said[code])} <= FILLED
