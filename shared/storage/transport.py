"""How the SDK's clients reach the storage account: pooled connections of urllib3, and nothing in between."""

import ssl
from typing import Any

import urllib3
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest
from urllib3.util.ssl_ import create_urllib3_context

from shared.storage.answers import PooledAnswer, failures
from shared.storage.faults import CONNECT_SECONDS, READ_SECONDS
from shared.storage.once import Once

_KEPT_CONNECTIONS = 32
"""To each of the account's three services: as many as there are threads."""


class PooledTransport(HttpTransport[HttpRequest, PooledAnswer]):
    """One for all clients and threads of a process. Repeats nothing: that is for the clients' policies to do.

    The account is reached directly, whatever proxies the environment names.
    """

    def __init__(self, ca_certs: str) -> None:
        """`ca_certs`: the file of the authorities that are trusted."""
        self._plain = urllib3.PoolManager(maxsize=_KEPT_CONNECTIONS)
        self._secured = Once(lambda: self._kept(_secured(ca_certs)))
        self._made = [self._plain]

    def open(self) -> None:
        """Nothing: a connection is opened where a request needs one."""

    def close(self) -> None:
        """Closes the connections that wait. A request after that opens its own."""
        for pools in self._made:
            pools.clear()

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
        pools = self._secured() if request.url.startswith("https:") else self._plain
        with failures():
            raw = pools.urlopen(
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

    def _kept(self, pools: urllib3.PoolManager) -> urllib3.PoolManager:
        self._made.append(pools)
        return pools


def _secured(ca_certs: str) -> urllib3.PoolManager:
    """Reads the authorities once. Told of the file alone, urllib3 would read it for each new connection."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.check_hostname = True
    context.load_verify_locations(ca_certs)
    return urllib3.PoolManager(maxsize=_KEPT_CONNECTIONS, ssl_context=context)
