"""Which chunk is about to write which people: claimed before they are looked for, so none is made twice."""

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from threading import Lock

from shared.domain.errors import Transient
from shared.domain.ids import ExportId, ObjectType, TenantId
from shared.domain.person_marks import MARK_BYTES, Mark
from shared.storage.entities import MAX_ENTITY
from shared.storage.keys import key
from shared.storage.table import AlreadyExists, Changed, TableStore
from shared.storage.times import required, to_text

LIFETIME = timedelta(minutes=15)
"""How long a claim holds whose chunk is not heard of again: longer than a message is invisible."""

_ROW = "claims"
_ATTEMPTS = 50
_MOST_CHARACTERS = MAX_ENTITY // 2 - 50_000
_KEPT = 64
_UNPACKED = 32
"""Claims that are kept as sets: each is looked at by every chunk that claims while its own is under way."""


@dataclass(frozen=True, slots=True)
class Claimant:
    """The chunk that claims."""

    export: ExportId
    number: int

    @property
    def name(self) -> str:
        return f"c{self.export.replace('-', '_')}_{self.number}"


@dataclass(slots=True)
class _Board:
    """All claims on one object of one tenant, as this process saw them last."""

    lock: Lock = field(default_factory=Lock)
    claims: dict[str, str] = field(default_factory=dict)
    etag: str | None = None


class PersonClaims:
    """One row for each tenant and object, in the table of writes. Under its ETag one of two comes first."""

    def __init__(self, table: TableStore, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._boards: OrderedDict[str, _Board] = OrderedDict()
        self._lock = Lock()

    def claim(
        self, tenant: TenantId, object_type: ObjectType, claimant: Claimant, marks: Iterable[Mark]
    ) -> frozenset[Mark]:
        """Takes what nobody else has, beside what the chunk has already; gives what others have.

        Transient where nothing goes on.
        """
        wanted = frozenset(marks)
        held = frozenset[Mark]()

        def changed(claims: dict[str, str]) -> dict[str, str]:
            nonlocal held
            others = {name: packed for name, packed in claims.items() if name != claimant.name}
            held = wanted.intersection(chain.from_iterable(_marks(packed) for packed in others.values()))
            own = claims.get(claimant.name)
            ours = (wanted - held).union(() if own is None else _marks(own))
            return {**others, claimant.name: _packed(self._clock() + LIFETIME, ours)}

        self._change(key(tenant, object_type, _ROW), changed)
        return held

    def release(self, tenant: TenantId, object_type: ObjectType, claimant: Claimant) -> None:
        """Gives everything back: the records are in Dynamics, for everybody to find."""

        def changed(claims: dict[str, str]) -> dict[str, str]:
            return {name: packed for name, packed in claims.items() if name != claimant.name}

        self._change(key(tenant, object_type, _ROW), changed)

    def _change(self, partition: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
        board = self._board(partition)
        with board.lock:
            for attempt in range(_ATTEMPTS):
                if attempt or board.etag is None:
                    self._read(partition, board)
                claims = change(self._alive(board.claims))
                if sum(map(len, claims.values())) > _MOST_CHARACTERS:
                    raise _crowded()
                try:
                    self._write(partition, board, claims)
                except (AlreadyExists, Changed):
                    continue
                return
        raise _crowded()

    def _read(self, partition: str, board: _Board) -> None:
        found = self._table.get(partition, _ROW)
        board.claims = {} if found is None else dict(found.value)
        board.etag = None if found is None else found.etag

    def _write(self, partition: str, board: _Board, claims: dict[str, str]) -> None:
        """What is not known to have been written is not remembered."""
        before, board.etag = board.etag, None
        if before is None:
            board.etag = self._table.insert(partition, _ROW, claims)
        else:
            board.etag = self._table.replace(partition, _ROW, claims, before)
        board.claims = claims

    def _alive(self, claims: dict[str, str]) -> dict[str, str]:
        now = self._clock()
        return {name: packed for name, packed in claims.items() if _until(packed) > now}

    def _board(self, partition: str) -> _Board:
        with self._lock:
            board = self._boards.setdefault(partition, _Board())
            self._boards.move_to_end(partition)
            while len(self._boards) > _KEPT:
                self._boards.popitem(last=False)
            return board


def _packed(until: datetime, marks: Iterable[Mark]) -> str:
    return f"{to_text(until)} {b64encode(b''.join(sorted(marks))).decode()}"


def _until(packed: str) -> datetime:
    return required(packed.partition(" ")[0])


@lru_cache(maxsize=_UNPACKED)
def _marks(packed: str) -> frozenset[Mark]:
    joined = b64decode(packed.partition(" ")[2])
    return frozenset(Mark(joined[start : start + MARK_BYTES]) for start in range(0, len(joined), MARK_BYTES))


def _crowded() -> Transient:
    return Transient(
        "manyAtOnce",
        "Many exports write into Dynamics at once. The export goes on by itself in a moment.",
    )
