"""Data keys wrapped by a key in a file of this machine, made at first use: for local work alone."""

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.storage.crypto import Unreadable
from shared.storage.once import Once

if TYPE_CHECKING:
    from azure.keyvault.keys.crypto import CryptographyClient

_BITS = 2048
_OWNER_ONLY = 0o600
_NUMBERS = ("n", "e", "d", "p", "q", "dp", "dq", "qi")


class FileKeys:
    """A JSON Web Key Set. Its first key wraps; each one still unwraps what it wrapped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clients = Once(self._load)

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        """Wrapped by the first key of the file."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        key_id, client = next(iter(self._clients().items()))
        return key_id, bytes(client.wrap_key(KeyWrapAlgorithm.rsa_oaep_256, data_key).encrypted_key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Unwrapped by the key that the id names."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        client = self._clients().get(key_id) or self._reloaded().get(key_id)
        if client is None:
            raise Unreadable("the key file does not have the key of this value")
        try:
            return bytes(client.unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped).key)
        except ValueError as error:
            raise Unreadable("the wrapped key does not fit") from error

    def _reloaded(self) -> "dict[str, CryptographyClient]":
        """The file once more: another process may have put a new key into it."""
        self._clients = Once(self._load)
        return self._clients()

    def _load(self) -> "dict[str, CryptographyClient]":
        if not self._path.exists():
            _create(self._path)
        keys = json.loads(self._path.read_text(encoding="utf-8"))["keys"]
        return {key["kid"]: _client(key) for key in keys}


def _client(key: dict[str, str]) -> "CryptographyClient":
    from azure.keyvault.keys import JsonWebKey
    from azure.keyvault.keys.crypto import CryptographyClient

    numbers = {name: _bytes(key[name]) for name in _NUMBERS}
    return CryptographyClient.from_jwk(
        JsonWebKey(kid=key["kid"], kty="RSA", key_ops=["wrapKey", "unwrapKey"], **numbers)
    )


def _create(path: Path) -> None:
    """Writes a new key set that only its owner can read. Of several processes, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, [new_key()])
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _draft(path: Path, keys: list[dict[str, str]]) -> Path:
    """A file beside the one that is meant, complete before it takes that one's place."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"keys": keys}, file)
    return draft


def rotate(path: Path) -> str:
    """Puts a new key before those of the file, which stay for what they wrapped; gives the new key's id."""
    keys = json.loads(path.read_text(encoding="utf-8"))["keys"]
    added = new_key()
    draft = _draft(path, [added, *keys])
    draft.replace(path)
    return added["kid"]


def new_key() -> dict[str, str]:
    """A new RSA key as a JSON Web Key."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS).private_numbers()
    public = private.public_numbers
    numbers = (public.n, public.e, private.d, private.p, private.q, private.dmp1, private.dmq1, private.iqmp)
    encoded: dict[str, Any] = {name: _text(number) for name, number in zip(_NUMBERS, numbers, strict=True)}
    return {"kty": "RSA", "kid": f"local-{secrets.token_hex(8)}", **encoded}


def _text(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
