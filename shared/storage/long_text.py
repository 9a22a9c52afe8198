"""Text longer than one property holds, as several properties of one row."""

from collections.abc import Mapping
from typing import Any

_PIECE = 16_000
"""Characters, each at most two UTF-16 units: always below the 64 KiB of a property."""


def split_text(name: str, text: str) -> dict[str, str]:
    """`name`, `name_1`, `name_2` … holding the text in order."""
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [""]
    return {_property(name, index): piece for index, piece in enumerate(pieces)}


def join_text(name: str, properties: Mapping[str, Any]) -> str:
    """The text that `split_text` took apart; empty when there is none."""
    pieces: list[str] = []
    while (piece := properties.get(_property(name, len(pieces)))) is not None:
        pieces.append(str(piece))
    return "".join(pieces)


def _property(name: str, index: int) -> str:
    return name if index == 0 else f"{name}_{index}"
