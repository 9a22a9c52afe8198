"""Dataverse as a session that answers out of memory: what is measured beside it is the client's own work."""

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import orjson
import requests

_LISTED = re.compile(r"PropertyName='(\w+)',PropertyValues=\[(.*?)\]\)")
_BOUNDARY = "--batchresponse"
_PART = (
    f"--{_BOUNDARY}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
).encode()
_ROWS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nOData-Version: 4.0\r\n\r\n"
_DONE = b"HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n"


class ScriptedDataverse(requests.Session):
    """Knows some rows of one table, finds them by any listed value, and takes every write without keeping it.

    `away` is the processor time that was spent in here, which is nobody's but the script's.
    """

    def __init__(self, key: str, rows: Iterable[Mapping[str, Any]]) -> None:
        super().__init__()
        self._key = key
        self._rows = list(rows)
        self._packed: dict[str, bytes] = {}
        self.away = 0.0

    def request(self, _: str | bytes, url: str | bytes, *__: Any, **named: Any) -> requests.Response:  # type: ignore[override]  # only what our client asks with
        """The answer to a bulk write, or to each part of a $batch."""
        started = time.thread_time()
        body = bytes(named.get("data") or b"")
        answer = requests.Response()
        answer.status_code = 200
        if str(url).endswith("$batch"):
            answer.headers["Content-Type"] = f'multipart/mixed; boundary="{_BOUNDARY}"'
            content = self._batch(body)
        else:
            ids = [row[self._key] for row in orjson.loads(body)["Targets"]]
            content = orjson.dumps({"Ids": ids})
        answer._content = content  # noqa: SLF001 - as requests' own adapters do it
        self.away += time.thread_time() - started
        return answer

    def _batch(self, body: bytes) -> bytes:
        parts = [
            _PART + (self._found(line.decode()) if line.startswith(b"GET") else _DONE)
            for line in re.findall(rb"^(?:GET|PATCH) .*$", body, re.MULTILINE)
        ]
        return b"\r\n".join(parts) + f"\r\n--{_BOUNDARY}--\r\n".encode()

    def _found(self, line: str) -> bytes:
        if line not in self._packed:
            wanted = [
                (column, {orjson.loads(word) for word in re.findall(r'"[^"]*"', listed)})
                for column, listed in _LISTED.findall(unquote(line))
            ]
            rows = [row for row in self._rows if all(row[column] in values for column, values in wanted)]
            self._packed[line] = _ROWS + orjson.dumps({"@odata.context": "x", "value": rows})
        return self._packed[line]
