"""Conversion into yes/no columns: the row's own words first, then the column's, then the usual ones."""

from typing import Any

from shared.domain.convert.values import Convert, ValueRejected, is_empty
from shared.domain.fields import Column
from shared.domain.mapping import RowOptions

_USUAL = {
    **dict.fromkeys(("true", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "no", "n", "0"), False),
}


def yes_or_no(column: Column, options: RowOptions) -> Convert:
    """True or false."""
    labels = {option.label.strip().casefold(): bool(option.value) for option in column.options}
    own = {
        **{_folded(word): False for word in options.false_words},
        **{_folded(word): True for word in options.true_words},
    }
    words = _USUAL | labels | own

    def convert(value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        if is_empty(value):
            return None
        found = words.get(_folded(str(value)))
        if found is None:
            raise ValueRejected("notYesOrNo", f"{column.label} takes yes or no; the value is neither.")
        return found

    return convert


def _folded(word: str) -> str:
    return word.strip().casefold()
