"""What the portal says in German in place of a sentence of the API is said of a sentence that the API has."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tests.error_codes import codes

_ROOT = Path(__file__).parents[3]
_SENTENCES = _ROOT / "portal" / "src" / "i18n" / "sentences"
_PLACE = re.compile(r"\{\w+\}")
_GERMAN: dict[str, str] = json.loads((_SENTENCES / "de.wordings.json").read_text(encoding="utf-8"))


def _texts() -> Iterator[str]:
    for folder in ("shared", "functions"):
        for file in (_ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    yield "".join(map(_piece, node.values))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _piece(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    # An f-string says this very name for what others name as well, such as whom to ask.
    is_constant = isinstance(part, ast.FormattedValue) and ast.unparse(part.value) == "_ADMIN"
    return "Ask your Dynamics administrator" if is_constant else "{}"


def _said() -> str:
    return _PLACE.sub("{}", "\n".join(_texts())).lower()


def test_the_api_has_each_sentence_that_is_translated() -> None:
    said = _said()
    assert [each for each in _GERMAN if _PLACE.sub("{}", each).lower() not in said] == []


def test_a_translation_names_nothing_that_its_sentence_does_not_and_begins_with_the_same() -> None:
    for sentence, german in _GERMAN.items():
        assert set(_PLACE.findall(german)) <= set(_PLACE.findall(sentence)), sentence
        # A place that comes first may have taken in the sentences before.
        begun = _PLACE.match(sentence)
        assert german.startswith(begun[0] if begun else ""), sentence


def test_each_code_with_a_german_sentence_exists() -> None:
    by_code = json.loads((_SENTENCES / "de.json").read_text(encoding="utf-8"))
    assert set(by_code) <= {coded.code for coded in codes()}
