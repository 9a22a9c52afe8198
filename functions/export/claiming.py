"""Whether an export was ordered before: by its Idempotency-Key, or with the same content a moment ago."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import timedelta

from functions.export.decisions import Decided
from functions.export.orders import Order, pieces
from functions.export.stores import ExportStores
from functions.identity import Caller
from shared.domain.errors import Unverified
from shared.domain.exports import ExportState
from shared.domain.ids import ExportId
from shared.storage.idempotency import LIFETIME, Claim, Claimed, IdempotencyStore, Mismatch, Replay

_A_MOMENT = timedelta(minutes=1)
_STOPPED = frozenset({ExportState.CANCELLED, ExportState.FAILED})


class Claiming:
    """Gives the id that an order is carried out under: a new one, or that of an earlier one like it."""

    def __init__(
        self, stores: ExportStores, idempotency: IdempotencyStore, new_id: Callable[[], ExportId]
    ) -> None:
        self._stores = stores
        self._idempotency = idempotency
        self._new_id = new_id

    def id_of(self, caller: Caller, order: Order, decided: Decided) -> tuple[ExportId, bool]:
        """The id to use, and whether it is new: else an earlier call had it, which may have died half-way."""
        if order.idempotency_key is not None:
            return self._by_key(caller, order, order.idempotency_key)
        if order.upload is not None:
            return order.upload, False
        return (self._new_id(), True) if order.again else self._by_content(caller, order, decided)

    def _by_key(self, caller: Caller, order: Order, key: str) -> tuple[ExportId, bool]:
        fresh = order.upload or self._new_id()
        match self._claim(caller, (key, _fingerprint(order, ())), fresh, LIFETIME):
            case Claimed():
                return fresh, order.upload is None
            case Replay(earlier):
                return earlier, False
            case Mismatch():
                raise Unverified(
                    "idempotencyKeyReused",
                    "This Idempotency-Key came with another body before. Send a new key with a new export.",
                )

    def _by_content(self, caller: Caller, order: Order, decided: Decided) -> tuple[ExportId, bool]:
        """Other decisions of the administrators make it another export; so does an end before its time."""
        fresh = self._new_id()
        fingerprint = _fingerprint(order, (repr(decided),))
        claim = self._claim(caller, (f"\ncontent\n{fingerprint}", fingerprint), fresh, _A_MOMENT)
        if not isinstance(claim, Replay):
            return fresh, True
        earlier = self._stores.exports.get(caller.tenant, claim.export_id)
        if earlier is not None and earlier.value.state in _STOPPED:
            return fresh, True
        return claim.export_id, False

    def _claim(self, caller: Caller, key: tuple[str, str], fresh: ExportId, lifetime: timedelta) -> Claim:
        """`key`: what is claimed, and the fingerprint of what it stands for."""
        given, fingerprint = key
        return self._idempotency.claim(
            caller.tenant,
            caller.user,
            given,
            fingerprint=fingerprint,
            export_id=fresh,
            now=self._stores.clock(),
            lifetime=lifetime,
        )


def _fingerprint(order: Order, more: Iterable[str]) -> str:
    digest = hashlib.sha256()
    told = (order.object_type, order.media_type, order.upload or "", str(order.dry_run))
    for part in (*told, *(() if order.matches is None else (order.matches,)), *more):
        digest.update(part.encode() + b"\n")
    for piece in pieces(order):
        digest.update(piece)
    return digest.hexdigest()
