"""Envelope encryption: each value has a key of its own, wrapped by one that never leaves its place."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from shared.domain.connection import SignInLost

_KEY_BYTES = 32
_NONCE_BYTES = 12
_NEWEST_KNOWN_SECONDS = 3600.0
"""How long a rotation of the key may go unseen; then one more data key is wrapped to find out."""


class Unreadable(SignInLost):
    """A kept secret cannot be opened: changed, moved to another owner, or its key is gone."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "storedSignInUnreadable",
            "The stored sign-in cannot be read any more. Connect to Dynamics again.",
            detail=detail,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A sealed value with its own wrapped key, and the id of the key that wrapped it."""

    key_id: str
    wrapped_key: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


class KeyWrapper(Protocol):
    """Wraps data keys with RSA-OAEP-256."""

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        """The id of the key that wrapped, and the wrapped key."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """The data key. Unreadable when the named key is not ours or does not fit."""
        ...


class EnvelopeCipher:
    """Seals and opens. `belongs_to` binds a value to its owner: with another one it does not open."""

    def __init__(
        self,
        keys: KeyWrapper,
        entropy: Callable[[int], bytes] = os.urandom,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._entropy = entropy
        self._monotonic = monotonic
        self._newest: tuple[str, float] | None = None

    def seal(self, value: bytes, belongs_to: str) -> Envelope:
        """The value, sealed by AES-256-GCM with a new key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        data_key, nonce = self._entropy(_KEY_BYTES), self._entropy(_NONCE_BYTES)
        sealed = AESGCM(data_key).encrypt(nonce, value, belongs_to.encode())
        key_id, wrapped = self._wrap(data_key)
        return Envelope(key_id=key_id, wrapped_key=wrapped, sealed=nonce + sealed)

    def open(self, envelope: Envelope, belongs_to: str) -> bytes:
        """The value; Unreadable when anything about it was changed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        data_key = self._keys.unwrap(envelope.key_id, envelope.wrapped_key)
        nonce, sealed = envelope.sealed[:_NONCE_BYTES], envelope.sealed[_NONCE_BYTES:]
        try:
            return AESGCM(data_key).decrypt(nonce, sealed, belongs_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Unreadable("the sealed value does not fit its key or its owner") from error

    def rewrapped(self, envelope: Envelope) -> Envelope | None:
        """The same sealed value under the newest key, so that an older key may go; None when it is there."""
        if envelope.key_id == self._newest_known():
            return None
        key_id, wrapped = self._wrap(self._keys.unwrap(envelope.key_id, envelope.wrapped_key))
        return None if key_id == envelope.key_id else replace(envelope, key_id=key_id, wrapped_key=wrapped)

    def _newest_known(self) -> str | None:
        if self._newest is None or self._monotonic() - self._newest[1] > _NEWEST_KNOWN_SECONDS:
            return None
        return self._newest[0]

    def _wrap(self, data_key: bytes) -> tuple[str, bytes]:
        key_id, wrapped = self._keys.wrap(data_key)
        self._newest = key_id, self._monotonic()
        return key_id, wrapped
