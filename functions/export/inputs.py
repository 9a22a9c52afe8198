"""The input of one export, which is opened once to see how much it may be and then to be read."""

from collections.abc import Iterator

from shared.domain.exports import Export
from shared.domain.unpacking import Opened, opened
from shared.storage.blob import Content
from shared.storage.files import ExportFiles

_LEAST_RECORD = 2
"""Bytes of the shortest line that is a record, with its end."""


class InputFile:
    """NotFound, from each method, when it is gone."""

    def __init__(self, files: ExportFiles, export: Export) -> None:
        self._files = files
        self._export = export
        self._begun: Opened | None = None

    def most_by_size(self) -> int | None:
        """At least as many records as it has, by its size; None where it is packed."""
        found = self._open()
        self._begun = opened(found.chunks)
        return None if self._begun.packed else found.size // _LEAST_RECORD + 1

    def most_by_lines(self) -> int:
        """The same by its lines, for which all of it is read."""
        begun, self._begun = self._begun or opened(self._open().chunks), None
        return sum(part.count(b"\n") for part in begun.content) + 1

    def content(self) -> Iterator[bytes]:
        """All of it from the beginning, as it is stored."""
        begun, self._begun = self._begun, None
        return self._open().chunks if begun is None or begun.packed else begun.content

    def _open(self) -> Content:
        return self._files.read_input(self._export.tenant, self._export.id)
