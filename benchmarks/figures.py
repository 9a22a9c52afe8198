"""Figures as a table: value, target where there is one, and what it means."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

_MEANING_WIDTH = 62


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with its unit. `target` is what is aimed at, in words; nothing enforces it."""

    name: str
    value: float | str
    unit: str = ""
    meaning: str = ""
    target: str = ""

    @property
    def shown(self) -> str:
        """The value with its unit, three digits or so."""
        number = self.value if isinstance(self.value, str) else _number(self.value)
        return f"{number} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found out, with remarks on how."""

    title: str
    figures: Sequence[Figure]
    remarks: Sequence[str] = field(default=())

    def text(self) -> str:
        """A table for a terminal."""
        rows = [("figure", "value", "target", "what it means")]
        for figure in self.figures:
            first, *rest = textwrap.wrap(figure.meaning, _MEANING_WIDTH) or [""]
            rows.append((figure.name, figure.shown, figure.target, first))
            rows.extend(("", "", "", line) for line in rest)
        widths = [max(len(row[index]) for row in rows) for index in range(3)]
        lines = [
            f"  {name:<{widths[0]}}  {value:>{widths[1]}}  {target:<{widths[2]}}  {meaning}".rstrip()
            for name, value, target, meaning in rows
        ]
        remarks = [line for remark in self.remarks for line in textwrap.wrap(remark, 108)]
        return "\n".join([self.title, *lines, *(f"  {line}" for line in remarks)])


def _number(value: float) -> str:
    magnitude = abs(value)
    if magnitude >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if magnitude >= 10 else f"{value:.2f}" if magnitude >= 0.1 else f"{value:.4f}"
