"""`python -m benchmarks.peer_clients NAME ADDRESS FILE`: creates the file's leads as others would do it."""

import asyncio
import importlib
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient

AT_ONCE = 8
CHUNK = 100
TOKEN = "PEER_TOKEN"  # noqa: S105 - the name of a variable
_FAR_FUTURE = 4_000_000_000
_TIMEOUT_SECONDS = 120
_API = "/api/data/v9.2/"

Row = dict[str, Any]


class _Credential:
    """Azure's kind of credential, over a token that is there already."""

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(os.environ[TOKEN], _FAR_FUTURE)


class _AsyncCredential:
    async def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        return AccessToken(os.environ[TOKEN], _FAR_FUTURE)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Nothing is open."""


def sdk_list(address: str, rows: Sequence[Row]) -> None:
    """Microsoft's SDK: one call with all of them."""
    with DataverseClient(address, _Credential()) as client:
        client.records.create("lead", list(rows))


def sdk_async(address: str, rows: Sequence[Row]) -> None:
    """Microsoft's asynchronous SDK: chunks, several at once."""
    asyncio.run(_sdk_async(address, rows))


async def _sdk_async(address: str, rows: Sequence[Row]) -> None:
    from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient

    free = asyncio.Semaphore(AT_ONCE)

    async def held(work: Coroutine[Any, Any, object]) -> None:
        async with free:
            await work

    async with AsyncDataverseClient(address, _AsyncCredential()) as client:
        await asyncio.gather(*(held(client.records.create("lead", part)) for part in _parts(rows)))


def loop(address: str, rows: Sequence[Row]) -> None:
    """One POST a record, one after the other, in a session of requests."""
    with _session() as session:
        for row in rows:
            session.post(f"{address}{_API}leads", json=row, timeout=_TIMEOUT_SECONDS).raise_for_status()


def batch(address: str, rows: Sequence[Row]) -> None:
    """$batch of single POSTs, several at once."""
    with _session() as session, ThreadPoolExecutor(AT_ONCE) as threads:

        def send(part: Sequence[Row]) -> None:
            boundary = f"batch_{uuid.uuid4()}"
            answer = session.post(
                f"{address}{_API}$batch",
                data=_multipart(boundary, part),
                headers={"Content-Type": f"multipart/mixed; boundary={boundary}"},
                timeout=_TIMEOUT_SECONDS,
            )
            answer.raise_for_status()
            if answer.text.count("HTTP/1.1 204") != len(part):
                raise RuntimeError(f"the batch was not accepted: {answer.text[:500]}")

        list(threads.map(send, _parts(rows)))


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    return (list(rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK))


def _multipart(boundary: str, rows: Sequence[Row]) -> bytes:
    part = (
        f"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        f"POST {_API}leads HTTP/1.1\r\nContent-Type: application/json; type=entry\r\n\r\n"
    )
    return "".join([*(f"{part}{json.dumps(row)}\r\n" for row in rows), f"--{boundary}--\r\n"]).encode()


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {os.environ[TOKEN]}"
    return session


PEERS: dict[str, Callable[[str, Sequence[Row]], None]] = {
    "sdk_list": sdk_list,
    "sdk_async": sdk_async,
    "batch": batch,
    "loop": loop,
}


def main(name: str, address: str, file: str) -> None:
    """Prints seconds and processor seconds, without those of starting."""
    rows = json.loads(Path(file).read_bytes())
    if name == "sdk_async":
        importlib.import_module("aiohttp")  # its import is no part of the work
    started, used = time.perf_counter(), time.process_time()
    PEERS[name](address, rows)
    print(json.dumps({"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
