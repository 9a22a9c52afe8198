"""The fields of a posted form, read into numbers with a sentence for what cannot be."""

from collections.abc import Mapping, Sequence


class FieldError(ValueError):
    """A form that cannot be taken; the message says which field to correct."""


class Fields:
    """One form; the label of a field is what its error calls it."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """What was written, without spaces around it."""
        return self._values.get(name, [""])[0].strip()

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked or a button pressed."""
        return name in self._values

    def whole(self, name: str, label: str, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number; empty is the least one."""
        text = self.text(name)
        if not text:
            return least
        if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
            raise FieldError(f"{label} has to be a whole number from {least:,} to {most:,}, not “{text}”.")
        return int(text)

    def whole_or_none(self, name: str, label: str) -> int | None:
        """A whole number; empty is none."""
        return self.whole(name, label) if self.text(name) else None

    def number(self, name: str, label: str) -> float:
        """A number of zero or more; empty is zero."""
        text = self.text(name) or "0"
        try:
            found = float(text)
        except ValueError:
            found = -1.0
        if not 0 <= found <= 10**9:
            raise FieldError(f"{label} has to be a number of 0 or more, not “{text}”.")
        return found

    def number_or_none(self, name: str, label: str) -> float | None:
        """A number; empty is none."""
        return self.number(name, label) if self.text(name) else None
