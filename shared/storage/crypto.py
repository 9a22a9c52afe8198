"""Envelope encryption: each value has a key of its own, wrapped by one that never leaves its place."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from shared.domain.errors import NeedsUser

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Unreadable(NeedsUser):
    """A kept secret cannot be opened: changed, moved to another owner, or its key is gone."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            "reauthorizationRequired",
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

    def __init__(self, keys: KeyWrapper, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._keys = keys
        self._entropy = entropy

    def seal(self, value: bytes, belongs_to: str) -> Envelope:
        """The value, sealed by AES-256-GCM with a new key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        data_key, nonce = self._entropy(_KEY_BYTES), self._entropy(_NONCE_BYTES)
        sealed = AESGCM(data_key).encrypt(nonce, value, belongs_to.encode())
        key_id, wrapped = self._keys.wrap(data_key)
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
