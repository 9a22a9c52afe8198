import gzip
import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from azure.storage.blob import BlobClient, ContentSettings
from racing import race

from shared.domain.errors import NotFound
from shared.storage.account import StorageAccount
from shared.storage.blob import BLOCK, BlobStore
from shared.storage.names import Container


@pytest.fixture
def blobs(storage_account: StorageAccount) -> BlobStore:
    return storage_account.container(Container.EXPORTS)


def test_a_blob_comes_back_as_it_was_written(blobs: BlobStore, tenant: str) -> None:
    blobs.write(f"{tenant}/a", b"first")
    blobs.write(f"{tenant}/a", b"second")
    assert blobs.read(f"{tenant}/a") == b"second"
    assert blobs.size(f"{tenant}/a") == 6


def test_of_many_that_add_a_blob_at_once_one_wins_and_the_blob_is_theirs(
    blobs: BlobStore, tenant: str
) -> None:
    results = race(8, lambda number: blobs.add(f"{tenant}/a", b"%d" % number))
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]
    assert blobs.read(f"{tenant}/a") == b"%d" % results.index(True)


def test_a_blob_that_is_not_there(blobs: BlobStore, tenant: str) -> None:
    assert blobs.read(f"{tenant}/nothing") is None
    assert blobs.size(f"{tenant}/nothing") is None
    blobs.delete(f"{tenant}/nothing")
    with pytest.raises(NotFound):
        blobs.read_stream(f"{tenant}/nothing")


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17])
def test_a_stream_of_any_size_comes_back(blobs: BlobStore, tenant: str, size: int) -> None:
    content = bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)
    pieces = (content[:size][start : start + 99_991] for start in range(0, size, 99_991))
    assert blobs.write_stream(f"{tenant}/s", pieces) == size
    read = list(blobs.read_stream(f"{tenant}/s"))
    assert b"".join(read) == content[:size]
    assert all(len(chunk) <= BLOCK for chunk in read)


def test_a_packed_blob_comes_as_it_was_stored_whatever_its_headers_say(
    blobs: BlobStore, azurite: str, tenant: str
) -> None:
    packed = gzip.compress(random.Random(1).randbytes(9 * BLOCK))  # noqa: S311 - bytes that do not shrink
    with BlobClient.from_connection_string(azurite, Container.EXPORTS, f"{tenant}/packed") as blob:
        blob.upload_blob(packed, content_settings=ContentSettings(content_encoding="gzip"))
    assert b"".join(blobs.read_stream(f"{tenant}/packed")) == packed


def test_a_stream_that_breaks_off_leaves_what_was_there(blobs: BlobStore, tenant: str) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * (BLOCK + 1)
        raise ConnectionResetError

    blobs.write(f"{tenant}/s", b"before")
    with pytest.raises(ConnectionResetError):
        blobs.write_stream(f"{tenant}/s", broken())
    assert blobs.read(f"{tenant}/s") == b"before"


def test_a_stream_is_read_no_faster_than_it_is_wanted(blobs: BlobStore, tenant: str) -> None:
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(12):
            given.append(number)
            yield b"x" * (BLOCK // 4)

    blobs.write_stream(f"{tenant}/s", endless())
    first = next(iter(blobs.read_stream(f"{tenant}/s")))
    assert 0 < len(first) <= BLOCK
    assert given == list(range(12))


def test_deleting_a_prefix_leaves_the_others(blobs: BlobStore, tenant: str) -> None:
    for name in ("e1/in", "e1/out", "e2/in"):
        blobs.write(f"{tenant}/{name}", b"x")
    assert blobs.delete_prefix(f"{tenant}/e1/") == 2
    assert blobs.read(f"{tenant}/e1/in") is None
    assert blobs.read(f"{tenant}/e2/in") == b"x"


def test_an_upload_address_writes_that_blob_and_reads_nothing(blobs: BlobStore, tenant: str) -> None:
    url = blobs.upload_url(f"{tenant}/up", timedelta(minutes=5))
    kind = {"x-ms-blob-type": "BlockBlob"}
    assert requests.put(url, data=b"records", headers=kind, timeout=60).status_code == 201
    assert blobs.read(f"{tenant}/up") == b"records"
    assert requests.get(url, timeout=60).status_code == 403
    assert (
        requests.put(url.replace("/up?", "/other?"), data=b"x", headers=kind, timeout=60).status_code == 403
    )


def test_an_address_to_fetch_one_blob_is_good_for_that_alone(blobs: BlobStore, tenant: str) -> None:
    blobs.write(f"{tenant}/results.csv", b"outcomes")
    url = blobs.download_url(f"{tenant}/results.csv", timedelta(minutes=5))
    fetched = requests.get(url, timeout=60)
    assert (fetched.status_code, fetched.content) == (200, b"outcomes")
    assert fetched.headers["Content-Disposition"] == "attachment"
    assert requests.get(url.replace("/results.csv?", "/other?"), timeout=60).status_code == 403
    kind = {"x-ms-blob-type": "BlockBlob"}
    assert requests.put(url, data=b"x", headers=kind, timeout=60).status_code == 403
    late = blobs.download_url(f"{tenant}/results.csv", -timedelta(minutes=1))
    assert requests.get(late, timeout=60).status_code == 403


def test_an_upload_address_ends(blobs: BlobStore, tenant: str) -> None:
    url = blobs.upload_url(f"{tenant}/up", -timedelta(minutes=1))
    kind = {"x-ms-blob-type": "BlockBlob"}
    assert requests.put(url, data=b"late", headers=kind, timeout=60).status_code == 403
