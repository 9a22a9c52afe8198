"""How a request to a storage service shows that it may: by a signature, its address, or a token."""

import asyncio
import base64
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote

from azure.core.credentials import AccessToken, TokenCredential

# A version of the service that Azurite knows as well.
_VERSION = "2021-12-02"
_SCOPE = "https://storage.azure.com/.default"
# A token is asked for anew when it is valid for less than this.
_TOKEN_MARGIN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A request before it shows anything; the path and the values of the query are encoded already."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as the request line has them."""
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return f"{self.path}?{query}" if query else self.path


class Credential(Protocol):
    """One way to be let in."""

    async def headers(self, request: Unsigned) -> dict[str, str]:
        """The headers for a request that is sent now."""


@dataclass(frozen=True, slots=True)
class SharedKey:
    """The key of the account signs every request ("Authorize with Shared Key")."""

    account: str
    key: bytes

    async def headers(self, request: Unsigned) -> dict[str, str]:
        """Date and signature."""
        dated = _dated()
        text = "\n".join(
            [
                request.method,
                "",  # Content-Encoding
                "",  # Content-Language
                str(len(request.body) or ""),
                "",  # Content-MD5
                "",  # Content-Type: none is sent
                *[""] * 6,  # Date, which x-ms-date stands for, conditions and Range
                *(f"{name}:{value}" for name, value in dated.items()),
                self._resource(request),
            ]
        )
        digest = hmac.digest(self.key, text.encode(), "sha256")
        return {**dated, "authorization": f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"}

    def _resource(self, request: Unsigned) -> str:
        query = sorted((name.lower(), unquote(value)) for name, value in request.query.items())
        return "\n".join([f"/{self.account}{request.path}", *(f"{name}:{value}" for name, value in query)])


@dataclass(frozen=True, slots=True)
class InAddress:
    """A shared access signature, which the address of the service carries."""

    async def headers(self, _: Unsigned) -> dict[str, str]:
        """Nothing but the date."""
        return _dated()


@dataclass(slots=True)
class Identity:
    """An identity in Entra ID, whose token is asked for when it is needed."""

    credential: TokenCredential
    _token: AccessToken = field(default=AccessToken("", 0))

    async def headers(self, _: Unsigned) -> dict[str, str]:
        """Date and token."""
        if self._token.expires_on - time.time() < _TOKEN_MARGIN_SECONDS:
            self._token = await asyncio.to_thread(self.credential.get_token, _SCOPE)
        return {**_dated(), "authorization": f"Bearer {self._token.token}"}


def _dated() -> dict[str, str]:
    return {"x-ms-date": formatdate(usegmt=True), "x-ms-version": _VERSION}
