"""The keys that sign tokens, and the seal that makes codes and refresh tokens opaque."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import jwt
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options


class KeyRing:
    """RSA keys, newest first: the first one signs, all are published; a file keeps them across restarts."""

    def __init__(self, path: Path | None) -> None:
        """Read the keys of the file, or make the first one."""
        self._path = path
        self._keys = _read_keys(path) if path and path.exists() else [_new_key()]
        self._save()

    def rotate(self, *, forget: bool = False) -> str:
        """Sign with a new key from now on and give its id; `forget` withdraws the older ones at once."""
        self._keys = [_new_key()] if forget else [_new_key(), *self._keys]
        self._save()
        return _key_id(self._keys[0])

    def sign(self, claims: dict[str, Any], *, thumbprint: bool = False) -> str:
        """A JWT; `thumbprint` adds the `x5t` header that version 1.0 tokens carry."""
        key = self._keys[0]
        headers = {"kid": _key_id(key)} | ({"x5t": _key_id(key)} if thumbprint else {})
        return jwt.encode(claims, key, algorithm="RS256", headers=headers)

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token signed here, whatever its times and audience, or jwt.InvalidTokenError."""
        kid = jwt.get_unverified_header(token).get("kid")
        key = next((key for key in self._keys if _key_id(key) == kid), None)
        if key is None:
            raise jwt.InvalidSignatureError(f"no key with id {kid}")
        lenient: Options = {
            "verify_aud": False,
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
        }
        claims: dict[str, Any] = jwt.decode(token, key.public_key(), algorithms=["RS256"], options=lenient)
        return claims

    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set."""
        return {"keys": [_public(key) for key in self._keys]}

    def _save(self) -> None:
        if self._path:
            write_private(self._path, "".join(_pem(key) for key in self._keys))


class Seal:
    """Makes small JSON values opaque and tamper-proof, as Entra's codes and refresh tokens are."""

    def __init__(self, path: Path | None) -> None:
        """Read the secret of the file, or make one."""
        secret = path.read_bytes() if path and path.exists() else Fernet.generate_key()
        if path:
            write_private(path, secret.decode())
        self._fernet = Fernet(secret)

    def close(self, prefix: str, content: dict[str, Any]) -> str:
        """The content as an opaque text that starts with the prefix."""
        return prefix + self._fernet.encrypt(json.dumps(content).encode()).decode()

    def open(self, prefix: str, sealed: str) -> dict[str, Any] | None:
        """The content of a text that was closed with the same prefix, or None."""
        if not sealed.startswith(prefix):
            return None
        try:
            content: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.removeprefix(prefix)))
        except InvalidToken:
            return None
        return content


def write_private(path: Path, text: str) -> None:
    """Replace a file's content in one step; nobody but its owner may read it."""
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _read_keys(path: Path) -> list[rsa.RSAPrivateKey]:
    end = "-----END PRIVATE KEY-----\n"
    blocks = [block + end for block in path.read_text("ascii").split(end) if block.strip()]
    keys = [serialization.load_pem_private_key(block.encode(), None) for block in blocks]
    return [key for key in keys if isinstance(key, rsa.RSAPrivateKey)]


def _key_id(key: rsa.RSAPrivateKey) -> str:
    numbers = key.public_key().public_numbers()
    digest = hashlib.sha1(numbers.n.to_bytes(256, "big"), usedforsecurity=False).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _public(key: rsa.RSAPrivateKey) -> dict[str, Any]:
    encoded: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    wanted = {name: encoded[name] for name in ("kty", "n", "e")}
    return wanted | {"use": "sig", "alg": "RS256", "kid": _key_id(key), "x5t": _key_id(key)}
