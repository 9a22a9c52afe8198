"""Data keys wrapped by a key in Azure Key Vault, through a managed identity."""

from threading import Lock
from typing import TYPE_CHECKING

from shared.storage.crypto import Unreadable
from shared.storage.faults import RETRY_OPTIONS, storage_faults
from shared.storage.once import Once

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.keyvault.keys.crypto import CryptographyClient


class VaultKey:
    """One key of a vault. An address without a version seals with the newest one."""

    def __init__(self, key_id: str, client_id: str | None) -> None:
        self._key_id = key_id.rstrip("/")
        self._any_version = _without_version(self._key_id)
        self._credential = Once(lambda: _credential(client_id))
        self._clients: dict[str, CryptographyClient] = {}
        self._lock = Lock()

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        """Wrapped; the id names the version that did it."""
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        with storage_faults("key vault"):
            result = self._client(self._key_id).wrap_key(KeyWrapAlgorithm.rsa_oaep_256, data_key)
        return str(result.key_id), bytes(result.encrypted_key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """Unwrapped by the version that the id names, which has to be one of this very key."""
        from azure.core.exceptions import HttpResponseError
        from azure.keyvault.keys.crypto import KeyWrapAlgorithm

        # An id from a tampered row must not send our token, or our data key, to another vault.
        if _without_version(key_id) != self._any_version:
            raise Unreadable("the value names a key of another vault")
        with storage_faults("key vault"):
            try:
                return bytes(self._client(key_id).unwrap_key(KeyWrapAlgorithm.rsa_oaep_256, wrapped).key)
            except HttpResponseError as error:
                if error.status_code in {400, 404}:
                    raise Unreadable(f"the vault answers {error.status_code}") from error
                raise

    def _client(self, key_id: str) -> "CryptographyClient":
        from azure.keyvault.keys.crypto import CryptographyClient

        with self._lock:
            if key_id not in self._clients:
                self._clients[key_id] = CryptographyClient(key_id, self._credential(), **RETRY_OPTIONS)
            return self._clients[key_id]


def _without_version(key_id: str) -> tuple[str, ...]:
    """Vault and name of the address `https://<vault>/keys/<name>/<version>`."""
    return tuple(key_id.lower().split("/")[:5])


def _credential(client_id: str | None) -> "TokenCredential":
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=client_id)
