import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
DOCUMENTS = ("docs/promises.md", "docs/security.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_a_document_names_exists(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text())
    assert len(named) > 20
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or (name and name not in _functions(ROOT / path))
    ]
    assert missing == []


def test_every_promise_about_security_has_its_row() -> None:
    rows = (ROOT / "docs/promises.md").read_text()
    numbers = {int(found) for found in re.findall(r"^\| (\d+) \|", rows, re.MULTILINE)}
    assert {15, 16, *range(20, 42)} <= numbers


def _functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}
