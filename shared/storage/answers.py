"""An answer of the storage account as the SDK's clients want it, over one of urllib3."""

import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Self

from azure.core.exceptions import (
    DecodeError,
    HttpResponseError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)
from azure.core.pipeline.transport import HttpResponse as Multipart
from azure.core.rest import HttpRequest, HttpResponse
from urllib3 import BaseHTTPResponse, exceptions

_BLOCK = 1024 * 1024
_UTF_8 = "utf-8-sig"
"""What the storage services write; some begin with the mark of it."""


@contextmanager
def failures() -> Iterator[None]:
    """Turns what urllib3 raises into what the clients know, by what the account may have heard."""
    try:
        yield
    except exceptions.NewConnectionError as error:  # no timeout, though urllib3 counts it among them
        raise ServiceRequestError(error, error=error) from error
    except exceptions.ConnectTimeoutError as error:
        raise ServiceRequestTimeoutError(error, error=error) from error
    except exceptions.ReadTimeoutError as error:
        raise ServiceResponseTimeoutError(error, error=error) from error
    except exceptions.DecodeError as error:
        raise DecodeError(error, error=error) from error
    except exceptions.HTTPError as error:
        raise ServiceResponseError(error, error=error) from error


class PooledAnswer(HttpResponse):
    """Read to its end already (`content`), or (None) a stream that is read once."""

    def __init__(self, request: HttpRequest, raw: BaseHTTPResponse, content: bytes | None) -> None:
        self._request = request
        self._raw = raw
        self._content = content
        self._encoding: str | None = _UTF_8
        self._is_consumed = content is not None
        self._is_closed = content is not None

    @property
    def request(self) -> HttpRequest:
        return self._request

    @property
    def url(self) -> str:
        return self._request.url

    @property
    def status_code(self) -> int:
        return self._raw.status

    @property
    def reason(self) -> str:
        return self._raw.reason or ""

    @property
    def headers(self) -> MutableMapping[str, str]:
        return self._raw.headers

    @property
    def content_type(self) -> str | None:
        return self._raw.headers.get("Content-Type")

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    @property
    def is_stream_consumed(self) -> bool:
        return self._is_consumed

    @property
    def encoding(self) -> str | None:
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    @property
    def content(self) -> bytes:
        """The body; ValueError before it is read."""
        if self._content is None:
            raise ValueError("This answer is a stream: read it before its content is looked at.")
        return self._content

    def text(self, encoding: str | None = None) -> str:
        wanted = encoding or self._encoding or _UTF_8
        return self.content.decode(_UTF_8 if wanted == "utf-8" else wanted)

    def json(self) -> Any:
        return json.loads(self.text())

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise HttpResponseError(response=self)

    def read(self) -> bytes:
        """The whole body, unpacked. The connection is free after that."""
        if self._content is None:
            self._content = b"".join(self.iter_bytes())
        return self._content

    def iter_raw(self, **_: Any) -> Iterator[bytes]:
        """The body in pieces, as it came."""
        return self._pieces(unpacked=False)

    def iter_bytes(self, **_: Any) -> Iterator[bytes]:
        """The body in pieces, unpacked where its headers say that it is packed."""
        return self._pieces(unpacked=True) if self._content is None else iter((self._content,))

    def stream_download(self, _pipeline: object, *, decompress: bool = True) -> "Download":
        """What the blob client reads a blob by."""
        return Download(self, self.iter_bytes() if decompress else self.iter_raw())

    def parts(self) -> Iterator[Any]:
        """The answers within the answer to a transaction."""
        return _Parts(self).parts()

    def close(self) -> None:
        """Gives up what was not read, and its connection."""
        if not self._is_closed:
            self._is_closed = True
            self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pieces(self, *, unpacked: bool) -> Iterator[bytes]:
        if self._is_consumed:
            raise ValueError("This answer was read already. Send the request again.")
        self._is_consumed = True
        with self, failures():
            yield from self._raw.stream(_BLOCK, decode_content=unpacked)


class Download(Iterator[bytes]):
    """The pieces of a blob. The blob client adds the blob's properties to it."""

    def __init__(self, response: PooledAnswer, pieces: Iterator[bytes]) -> None:
        self.response = response
        self.content_length = int(response.headers.get("Content-Length", 0))
        self._pieces = pieces

    def __next__(self) -> bytes:
        return next(self._pieces)


class _Parts(Multipart):
    """The clients' own reading of an answer that has several within it."""

    def __init__(self, answer: PooledAnswer) -> None:
        super().__init__(answer.request, None)  # type: ignore[arg-type]  # made for both kinds of requests
        self.content_type = answer.content_type
        self._answer = answer

    def body(self) -> bytes:
        return self._answer.read()
