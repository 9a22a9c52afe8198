"""Tells a person step by step what the demo does: bold headings on a terminal, plain text elsewhere."""

import os
from typing import TextIO

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Narration:
    """Numbered steps with the lines that belong to them, on one stream."""

    def __init__(self, stream: TextIO) -> None:
        """Colours and the like are for terminals whose owner did not set NO_COLOR."""
        self._stream = stream
        self._emphasizes = stream.isatty() and "NO_COLOR" not in os.environ
        self._steps = 0

    def step(self, title: str) -> None:
        """Begins the next step."""
        self._steps += 1
        heading = f"{self._steps}  {title}"
        self._write(f"\n{_BOLD}{heading}{_PLAIN}" if self._emphasizes else f"\n{heading}")

    def tell(self, *lines: str) -> None:
        """Lines of the step; a line with line breaks stays together."""
        for line in lines:
            self._write("\n".join(f"   {part}".rstrip() for part in line.split("\n")))

    def _write(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()
