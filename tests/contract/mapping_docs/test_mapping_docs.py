"""What docs/mapping.md tells administrators is what the code does."""

import re
from pathlib import Path

from functions.mapping.row_payloads import MappingRowPayload
from shared.domain.mapping import NO_OPTIONS

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs/mapping.md").read_text("utf-8")
CODE = re.compile(
    r'(?:\bat\(\s*[\w\[\]-]+,\s*[\w\[\]-]+,\s*|Problem\(\s*|yield \(?\s*|_said\()"([a-z][a-zA-Z]+)"'
)


def test_every_code_of_verification_and_of_drift_has_its_remedy() -> None:
    sources = [
        *(ROOT / "shared/domain/verify").glob("*.py"),
        ROOT / "shared/domain/drift.py",
        *(ROOT / "functions/mapping").glob("*.py"),
    ]
    codes = {code for source in sources for code in CODE.findall(source.read_text("utf-8"))}
    assert {"rowDuplicate", "columnGone", "dateFormatInvalid", "privilegeMissing"} <= codes
    assert {code for code in codes if f"`{code}`" not in TEXT} == set()


def test_every_example_is_a_row_and_every_option_has_one() -> None:
    examples = re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL)
    options = [MappingRowPayload.model_validate_json(each).to_domain().options for each in examples]
    shown = {
        name
        for each in options
        for name in each.__slots__
        if getattr(each, name) != getattr(NO_OPTIONS, name)
    }
    assert shown == set(NO_OPTIONS.__slots__) - {"quiet"}  # of the service's own rows, in no administrator's
