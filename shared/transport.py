"""The HTTP session of every outgoing call: timeouts, no redirects, no cookies, hosts rerouted locally."""

import ipaddress
import re
import time
from collections.abc import Iterator, Mapping
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import HTTPResponse

from shared import telemetry

CONNECT_SECONDS = 5.0
# Longer than the 2 minutes of a Dataverse plug-in would be safer still, but a function has to end.
READ_SECONDS = 100.0
"""How long an answer may take where the settings name no other time."""

_SERVICE_REQUEST = "x-ms-service-request-id"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class HostNotRerouted(requests.exceptions.InvalidURL):
    """A call would leave the machine although the session is for one machine only."""


def session(
    reroute: Mapping[str, str], *, pool_size: int = 16, read_seconds: float = READ_SECONDS
) -> requests.Session:
    """A session for all threads of one process. `pool_size` is the connections kept open per host.

    `reroute` maps an exact host, or a suffix beginning with a dot, to a loopback address.
    With any entry, a host that is neither rerouted nor loopback is refused with HostNotRerouted.
    """
    made = _Session(read_seconds)
    if reroute:
        made.trust_env = False  # a proxy of the environment would take the call off the machine
    adapter = _Rerouting(reroute, pool_size) if reroute else _Patient(pool_size)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


class _Session(requests.Session):
    def __init__(self, read_seconds: float) -> None:
        super().__init__()
        self._read_seconds = read_seconds
        # A cookie such as ARRAffinity would pin this process to one web server of the organization.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.auth = _unchanged  # else requests replaces our bearer token by what a .netrc file says

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - the parent's parameter
        """Nothing: a redirect is the answer, or a bearer token could follow it to another host."""
        return

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As requests sends it, with a timeout where the call names none."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, self._read_seconds)
        parts = urlsplit(request.url or "")
        method, host = str(request.method), parts.hostname or ""
        with telemetry.span(
            f"{method} {_route(parts.path)}", telemetry.Kind.CLIENT, method=method, host=host
        ):
            if own := telemetry.traceparent():
                request.headers["traceparent"] = own
            response = super().send(request, **kwargs)
            telemetry.note(
                status=response.status_code, service_request=response.headers.get(_SERVICE_REQUEST, "")
            )
            if response.status_code >= 400:
                telemetry.fail(str(response.status_code))
        return response


def _route(path: str) -> str:
    """The path without anything that one record or one directory has of its own."""
    return _ID.sub("{id}", path.partition("(")[0])


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class _Patient(HTTPAdapter):
    """Gives a whole answer the time that requests would give each of its bytes, or a trickle never ends."""

    def __init__(self, pool_size: int) -> None:
        super().__init__(pool_connections=pool_size, pool_maxsize=pool_size)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer, whose body has to arrive within the read timeout."""
        response = super().send(request, *args, **kwargs)
        timeout = kwargs["timeout"]
        seconds = timeout[1] if isinstance(timeout, tuple) else timeout
        arriving = partial(_arriving, response.raw, time.monotonic() + (seconds or READ_SECONDS))
        response.raw.stream = arriving  # type: ignore[method-assign]  # the only way requests reads a body
        return response


def _arriving(raw: HTTPResponse, ends: float, size: int, decode_content: bool = True) -> Iterator[bytes]:  # noqa: FBT001, FBT002 - as urllib3's `stream`, which requests calls so
    while chunk := raw.read1(size, decode_content=decode_content):
        yield chunk
        if time.monotonic() > ends:
            raw.close()
            raise requests.exceptions.ReadTimeout("The answer did not arrive within the read timeout.")


class _Rerouting(_Patient):
    """Calls for the named hosts go to loopback addresses; the Host header keeps the host that was named."""

    def __init__(self, reroute: Mapping[str, str], pool_size: int) -> None:
        super().__init__(pool_size)
        for target in reroute.values():
            if not _is_loopback(urlsplit(target).hostname or ""):
                raise ValueError(
                    f"The reroute target {target!r} is not a loopback address such as http://127.0.0.1:7074."
                )
        self._reroute = {key.lower(): target.rstrip("/") for key, target in reroute.items()}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        host = str(parts.hostname or "")
        target = self._target(host)
        if target is None:
            if not _is_loopback(host):
                raise HostNotRerouted(
                    f"{host} is not rerouted and this session stays on the machine. Add it to LOCAL_REROUTE."
                )
            return super().send(request, *args, **kwargs)
        moved = request.copy()
        moved.headers["Host"] = str(parts.netloc)
        moved.url = f"{target}{str(request.url).partition('://')[2].removeprefix(str(parts.netloc))}"
        response = super().send(moved, *args, **kwargs)
        response.url, response.request = str(request.url), request
        return response

    def _target(self, host: str) -> str | None:
        exact = self._reroute.get(host)
        if exact is not None:
            return exact
        suffixes = (key for key in self._reroute if key.startswith(".") and host.endswith(key))
        return next((self._reroute[key] for key in suffixes), None)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
