"""Text that opens for whoever brings the secret alone: nothing on our side can open it."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable

from shared.domain.errors import InvalidRequest

_NONCE_BYTES = 12
_KEY_BYTES = 32


def seal(text: str, secret: str, place: str, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """The text sealed by AES-256-GCM under a key that follows from the secret, for this place alone."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = entropy(_NONCE_BYTES)
    sealed = AESGCM(_key(secret, place)).encrypt(nonce, text.encode(), place.encode())
    return b64encode(nonce + sealed).decode()


def unseal(sealed: str, secret: str, place: str) -> str:
    """The text; InvalidRequest when it was changed, moved, or sealed under another secret."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        content = b64decode(sealed, validate=True)
        nonce, rest = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        return AESGCM(_key(secret, place)).decrypt(nonce, rest, place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise InvalidRequest(
            "signInUnknown",
            "This sign-in is not known, or it was answered already. Start it again from the application.",
            detail="what is kept of the sign-in does not open",
        ) from error


def _key(secret: str, place: str) -> bytes:
    """HKDF, because what is hashed to find a row must not be the key that opens it."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"sign-in\n{place}".encode()).derive(secret.encode())
