"""What speaks against two records of one name: that they are known to be in different places."""

import re
from collections.abc import Sequence

from shared.domain.countries import country_code

_GAPS = re.compile(r"[\s-]+")
_ZIP_WITH_FOUR = re.compile(r"^([0-9]{5})[0-9]{4}$")


def same_or_unknown(ours: str, theirs: str) -> bool:
    """Whether two texts are the same, or one of them is not known."""
    return not ours or not theirs or ours == theirs


def same_place(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two pairs of postal code and country may be one place, however they are written."""
    return same_or_unknown(_postal(ours[0]), _postal(theirs[0])) and same_or_unknown(
        _country(ours[1]), _country(theirs[1])
    )


def _country(name: str) -> str:
    return country_code(name) or name.casefold()


def _postal(code: str) -> str:
    """Without gaps, the four digits that a ZIP code may add, and the zeros that a spreadsheet loses."""
    plain = _ZIP_WITH_FOUR.sub(r"\1", _GAPS.sub("", code)).casefold()
    return plain.lstrip("0") if plain.isdecimal() else plain
