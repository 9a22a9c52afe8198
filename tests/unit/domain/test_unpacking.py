"""What holds for every gzip file, however its bytes arrive."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidRequest, TooLarge
from shared.domain.unpacking import opened, unpacked

MEBIBYTE = 1024 * 1024
_contents = st.one_of(st.binary(), st.builds(bytes.__mul__, st.binary(min_size=1), st.integers(0, 3000)))


def cut(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The content in pieces of these sizes, and what is left."""
    start = 0
    for size in sizes:
        yield content[start : start + size]
        start += size
    yield content[start:]


@given(st.lists(_contents, min_size=1, max_size=4), st.lists(st.integers(0, 40)), st.integers(0, 9))
def test_what_was_packed_comes_out_however_it_arrives(
    contents: list[bytes], sizes: list[int], zeros: int
) -> None:
    packed = b"".join(gzip.compress(content) for content in contents) + b"\0" * zeros
    assert b"".join(unpacked(cut(packed, sizes))) == b"".join(contents)
    file = opened(cut(packed, sizes))
    assert file.packed
    assert b"".join(file.content) == b"".join(contents)


@given(st.text(max_size=60), st.lists(st.integers(0, 9)))
def test_text_that_is_not_packed_stays_as_it_is(text: str, sizes: list[int]) -> None:
    content = text.encode()
    file = opened(cut(content, sizes))
    assert not file.packed
    assert b"".join(file.content) == content


@given(_contents, st.data())
def test_a_file_that_is_cut_off_is_refused(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content)
    length = data.draw(st.integers(0, len(packed) - 1))
    with pytest.raises(InvalidRequest, match="cut off"):
        list(unpacked([packed[:length]]))


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"\x1f\x8b and no gzip file", id="its mark alone"),
        pytest.param(b'{"id": 1}', id="text"),
        pytest.param(gzip.compress(b"a")[:-8] + b"12345678", id="a wrong check sum"),
        pytest.param(gzip.compress(b"a") + b"something else", id="something behind it"),
        pytest.param(zlib.compress(b"a"), id="zlib"),
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do(damaged: bytes) -> None:
    with pytest.raises(InvalidRequest, match="Pack it again") as refused:
        list(unpacked([damaged]))
    assert refused.value.code == "gzipDamaged"


def bomb() -> bytes:
    """A GiB of nothing in a MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(MEBIBYTE)) for _ in range(1024)) + packer.flush()


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    packed = bomb()
    tracemalloc.start()
    with pytest.raises(TooLarge) as refused:
        for _ in unpacked([packed]):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == "unpackedTooLarge"
    assert peak < 8 * MEBIBYTE


@pytest.mark.parametrize("pieces", [1, 7])
def test_a_large_file_that_was_hardly_packed_is_taken(pieces: int) -> None:
    content = bytes(5 * MEBIBYTE)
    packed = gzip.compress(content, compresslevel=0)
    size = len(packed) // pieces
    assert b"".join(unpacked(cut(packed, [size] * pieces))) == content


def test_a_file_of_more_than_may_be_is_refused_with_how_much_may_be() -> None:
    packed = gzip.compress(b"x" * 2001)
    assert len(b"".join(unpacked([packed], most=2001))) == 2001
    with pytest.raises(TooLarge, match="more than 2,000 bytes"):
        list(unpacked([packed], most=2000))
