"""How the SDK's clients reach the storage account: pooled connections of urllib3, and nothing in between."""

from typing import Any

import urllib3
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest

from shared.storage.answers import PooledAnswer, failures
from shared.storage.faults import CONNECT_SECONDS, READ_SECONDS

_KEPT_CONNECTIONS = 32
"""To each of the account's three services: as many as there are threads."""


class PooledTransport(HttpTransport[HttpRequest, PooledAnswer]):
    """One for all clients and threads of a process. Repeats nothing: that is for the clients' policies to do.

    The account is reached directly, whatever proxies the environment names.
    """

    def __init__(self, ca_certs: str) -> None:
        """`ca_certs`: the file of the authorities that are trusted."""
        self._pools = urllib3.PoolManager(
            maxsize=_KEPT_CONNECTIONS, cert_reqs="CERT_REQUIRED", ca_certs=ca_certs
        )

    def open(self) -> None:
        """Nothing: a connection is opened where a request needs one."""

    def close(self) -> None:
        """Closes the connections that wait. A request after that opens its own."""
        self._pools.clear()

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(
        self,
        request: HttpRequest,
        *,
        stream: bool = False,
        connection_timeout: float = CONNECT_SECONDS,
        read_timeout: float = READ_SECONDS,
        **_: Any,
    ) -> PooledAnswer:
        """The answer, read to its end unless it is to be a stream. A redirect is an answer like others.

        ServiceRequestError where the request cannot have arrived, ServiceResponseError where it may have.
        """
        with failures():
            raw = self._pools.urlopen(
                request.method,
                request.url,
                body=request.content,
                headers=request.headers,
                timeout=urllib3.Timeout(connect=connection_timeout, read=read_timeout),
                retries=False,
                redirect=False,
                preload_content=not stream,
            )
        return PooledAnswer(request, raw, None if stream else raw.data or b"")
