"""Small programs in Bicep, and what the checker says of them."""

from collections.abc import Mapping
from pathlib import Path

from local.bicep.across.code import ROOT, Code, read_code
from local.bicep.check import Checker
from local.bicep.program import load, sources

FOLDER = Path("/infra")
INFRA = ROOT / "infra"
NOTHING = Code(
    settings=frozenset(),
    tables=frozenset(),
    queues=frozenset(),
    containers=frozenset(),
    text="",
    runbooks=None,
)


def said(text: str, others: Mapping[str, str] | None = None, *, name: str = "main.bicep") -> list[str]:
    """What is found in the file, as `line:column what`; other files stand beside it."""
    texts = {FOLDER / name: text, **{FOLDER / path: each for path, each in (others or {}).items()}}
    found = Checker(NOTHING).check(load(FOLDER, texts))
    return [
        f"{each.at.line}:{each.at.column} {each.what} {each.todo}" for each in found if each.file.name == name
    ]


class Infrastructure:
    """The project's own files, with a change."""

    def __init__(self) -> None:
        self.texts = sources(INFRA)
        self._checker = Checker(read_code())

    def said(self, path: str = "", old: str = "", new: str = "") -> list[str]:
        """What is found when a text in one of the files, which has to be there, is another."""
        texts = dict(self.texts)
        if path:
            before = texts[INFRA / path]
            assert old in before, f"{path} has no {old!r}"
            texts[INFRA / path] = before.replace(old, new, 1)
        return [str(each) for each in self._checker.check(load(INFRA, texts))]
