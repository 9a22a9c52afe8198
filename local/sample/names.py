"""Given and family names of many languages, to make up people from."""

import unicodedata
from pathlib import Path
from typing import NamedTuple

# One language a line, given names | family names; `_` is a space, `=` gives a spelling for e-mail addresses
# where dropping the accents would not do.
_FILE = Path(__file__).with_name("names.txt")


class Name(NamedTuple):
    """A name as its bearer writes it, and as it stands in an e-mail address."""

    written: str
    address: str


class Language(NamedTuple):
    """The names of one language."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]


def languages() -> tuple[Language, ...]:
    """All languages, in a fixed order."""
    lines = (line.split(" | ") for line in _FILE.read_text(encoding="utf-8").splitlines())
    return tuple(Language(_names(given), _names(family)) for given, family in lines)


def _names(text: str) -> tuple[Name, ...]:
    return tuple(_name(word) for word in text.split())


def _name(word: str) -> Name:
    written, _, address = word.partition("=")
    return Name(written.replace("_", " "), address or _plain(written))


def _plain(text: str) -> str:
    """The letters alone: lower case, without accents, apostrophes and spaces."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalpha() or letter == "-")
