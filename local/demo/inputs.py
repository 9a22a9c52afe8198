"""What the demo exports: the files that were named, or the project's own sample."""

import json
from dataclasses import dataclass
from pathlib import Path

from local.api_client import content_type_of
from local.sample.people import people

_COMPANIES = Path(__file__).parents[1] / "sample" / "companies.ndjson"
_ABOUT_COMPANIES = "real, well-known companies, public facts (the project's own sample)"
_ABOUT_PEOPLE = (
    "synthetic people, made by a seeded generator: none of them exists;\n"
    "the last two are broken on purpose, to show how a failure is reported"
)


@dataclass(frozen=True, slots=True)
class Input:
    """A file of vendor records, what they become in Dynamics, and a word about them."""

    file: Path
    object_type: str
    about: str

    @property
    def noun(self) -> str:
        """What the records have become, in plural."""
        return f"{self.object_type}s"


def chosen_inputs(companies: Path | None, people_file: Path | None, folder: Path) -> tuple[Input, Input]:
    """Companies first, then people; the sample's people are written into the folder, to be looked at."""
    for file in (companies, people_file):
        if file is not None:
            content_type_of(file)
    return (
        _given(companies, "account") or Input(_COMPANIES, "account", _ABOUT_COMPANIES),
        _given(people_file, "lead") or Input(_written_people(folder), "lead", _ABOUT_PEOPLE),
    )


def _given(file: Path | None, object_type: str) -> Input | None:
    return Input(file, object_type, f"{file.stat().st_size / 1024:,.0f} KiB") if file else None


def _written_people(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "people.ndjson"
    lines = (json.dumps(person, ensure_ascii=False) + "\n" for person in people())
    file.write_text("".join(lines), encoding="utf-8")
    return file
