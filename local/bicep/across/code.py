"""What the service's code asks of its infrastructure, found by asking the code itself."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from local.bicep.across.workflow import handed_over
from shared.domain.organization import CLOUDS
from shared.settings import SettingsRefused, read_settings
from shared.storage.names import CONTAINERS, QUEUES, TABLES

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Code:
    """Settings that are read, stores that are used, and all that the code says.

    `runbooks` and `handed_over` (by the workflow of a region) are None where that file is not there.
    """

    settings: frozenset[str]
    tables: frozenset[str]
    queues: frozenset[str]
    containers: frozenset[str]
    text: str
    runbooks: frozenset[str] | None
    handed_over: frozenset[str] | None = None


def read_code(root: Path = ROOT) -> Code:
    """What the code of this checkout asks for."""
    return Code(
        settings=frozenset(_settings_read()),
        tables=frozenset(each.value for each in TABLES),
        queues=frozenset(each.value for each in QUEUES),
        containers=frozenset(each.value for each in CONTAINERS),
        text="\n".join(path.read_text(encoding="utf-8") for path in _code(root)),
        runbooks=_runbooks(root / "docs" / "operations.md"),
        handed_over=handed_over(root / ".github" / "workflows" / "region.yml"),
    )


def cloud_of(host: str) -> str | None:
    """The cloud in which the code looks for an organization of that host; None where it refuses the host."""
    return next((cloud.name for cloud in CLOUDS if cloud.suffix.fullmatch(host)), None)


class _Asked(Mapping[str, str]):
    """An environment that notes which names are asked for."""

    def __init__(self, answer: str | None) -> None:
        self._answer = answer
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        # With a connection string the addresses of an identity would not be asked for.
        if self._answer is None or name == "AzureWebJobsStorage":
            raise KeyError(name)
        return self._answer

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _settings_read() -> set[str]:
    asked: set[str] = set()
    for answer in (None, "1"):
        environ = _Asked(answer)
        with suppress(SettingsRefused):
            read_settings(environ)
        asked |= environ.names
    return asked


def _code(root: Path) -> Iterator[Path]:
    for folder in ("shared", "functions"):
        yield from sorted((root / folder).rglob("*.py"))


def _runbooks(page: Path) -> frozenset[str] | None:
    """The headings as addresses name them; None while the page is not written."""
    if not page.exists():
        return None
    lines = page.read_text(encoding="utf-8").splitlines()
    return frozenset(
        line.lstrip("#").strip().lower().replace(" ", "-") for line in lines if line.startswith("#")
    )
