"""Files on their way: sessions of chunks and of named blocks, kept in memory until they are whole."""

import secrets
from dataclasses import dataclass, field

from local.emulators.dataverse.files import refusals
from local.emulators.dataverse.files.store import Place


@dataclass(slots=True)
class Upload:
    """One file that arrives in pieces, by their first byte or by their block id."""

    place: Place
    name: str
    chunks: dict[int, bytes] = field(default_factory=dict)
    blocks: dict[str, bytes] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """How many bytes of chunks are there."""
        return sum(map(len, self.chunks.values()))

    def joined(self) -> bytes:
        """The chunks in the order of their places."""
        return b"".join(self.chunks[start] for start in sorted(self.chunks))

    def ordered(self, block_ids: list[str]) -> bytes:
        """The blocks in the order of a list."""
        missing = [one for one in block_ids if one not in self.blocks]
        if missing:
            raise refusals.invalid(f"BlockList names blocks that were not uploaded: {', '.join(missing)}.")
        return b"".join(self.blocks[one] for one in block_ids)


class Uploads:
    """The open uploads of one organization, by token."""

    def __init__(self) -> None:
        self._open: dict[str, Upload] = {}

    def begin(self, place: Place, name: str) -> str:
        """A token for a new upload."""
        token = secrets.token_urlsafe(24)
        self._open[token] = Upload(place, name)
        return token

    def get(self, token: str) -> Upload:
        """The upload with a token; refuses tokens that are unknown or done."""
        found = self._open.get(token)
        if found is None:
            raise refusals.invalid("The token of the upload is unknown or has been used: begin again.")
        return found

    def end(self, token: str) -> None:
        """Forgets an upload."""
        self._open.pop(token, None)
