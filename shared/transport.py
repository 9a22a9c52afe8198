"""The HTTP session of every outgoing call: timeouts, no redirects, no cookies, hosts rerouted locally."""

import ipaddress
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 5.0
# Longer than the 2 minutes of a Dataverse plug-in would be safer still, but a function has to end.
READ_SECONDS = 100.0


class HostNotRerouted(requests.exceptions.InvalidURL):
    """A call would leave the machine although the session is for one machine only."""


def session(reroute: Mapping[str, str], *, pool_size: int = 16) -> requests.Session:
    """A session for all threads of one process. `pool_size` is the connections kept open per host.

    `reroute` maps an exact host, or a suffix beginning with a dot, to a loopback address.
    With any entry, a host that is neither rerouted nor loopback is refused with HostNotRerouted.
    """
    made = _Session()
    if reroute:
        made.trust_env = False  # a proxy of the environment would take the call off the machine
    adapter = _Rerouting(reroute, pool_size) if reroute else _adapter(pool_size)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def _adapter(pool_size: int) -> HTTPAdapter:
    return HTTPAdapter(pool_connections=pool_size, pool_maxsize=pool_size)


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        # A cookie such as ARRAffinity would pin this process to one web server of the organization.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.auth = _unchanged  # else requests replaces our bearer token by what a .netrc file says

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - the parent's parameter
        """Nothing: a redirect is the answer, or a bearer token could follow it to another host."""
        return

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """As requests sends it, with a timeout where the call names none."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (CONNECT_SECONDS, READ_SECONDS)
        return super().send(request, **kwargs)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class _Rerouting(HTTPAdapter):
    """Calls for the named hosts go to loopback addresses; the Host header keeps the host that was named."""

    def __init__(self, reroute: Mapping[str, str], pool_size: int) -> None:
        super().__init__(pool_connections=pool_size, pool_maxsize=pool_size)
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
