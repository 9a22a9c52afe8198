"""What holds for every input, however its bytes arrive."""

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.export.reading import CSV, NDJSON, read_records
from functions.export.reading.lines import LONGEST_LINE, lines
from shared.domain.errors import InvalidRequest
from shared.domain.ids import ObjectType
from shared.domain.records import InputRecord
from shared.domain.vendor_catalog import vendor_fields

COMPANIES = vendor_fields(ObjectType.ACCOUNT)
MEBIBYTE = 1024 * 1024

_json_lines = st.sampled_from(
    [b'{"id": 1}', b'{"name": "\xc3\xa9"}', b"[]", b"", b" ", b'{"a', b"\xff", b"\xef\xbb\xbf", b"x\r"]
)
_csv_lines = st.sampled_from(
    [
        b"1,a",
        b'2,"b"',
        b'3,"c',
        b'd"',
        b'"',
        b'4,""',
        b"",
        b"5",
        b"6,\xff",
        b"7,a,b",
        b'8,"x""y"',
        b"\r",
        b",",
        b'9,"e\r',
    ]
)
_ends = st.sampled_from([b"\n", b"\r\n"])


def _joined(parts: Iterable[tuple[bytes, bytes]], last: bytes) -> bytes:
    return b"".join(line + end for line, end in parts) + last


_ndjson = st.builds(_joined, st.lists(st.tuples(_json_lines, _ends)), _json_lines)
_csv = st.builds(_joined, st.lists(st.tuples(_csv_lines, _ends)), _csv_lines).map(
    lambda rows: b"id,name\n" + rows
)
_inputs = st.one_of(
    st.tuples(st.just(NDJSON), _ndjson),
    st.tuples(st.just(CSV), _csv),
    st.tuples(st.sampled_from([NDJSON, CSV]), st.binary(max_size=60)),
)


def read(media_type: str, chunks: Iterable[bytes]) -> list[InputRecord] | str:
    try:
        return list(read_records(media_type, chunks, COMPANIES))
    except InvalidRequest as error:
        return error.code


@given(_inputs, st.data())
def test_wherever_the_bytes_are_cut_the_records_are_the_same(
    source: tuple[str, bytes], data: st.DataObject
) -> None:
    media_type, content = source
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=8)))
    chunks = [content[start:end] for start, end in pairwise([0, *cuts, len(content)])]
    assert read(media_type, chunks) == read(media_type, [content])


@given(_inputs)
def test_positions_count_from_one_without_gaps_and_lines_only_grow(source: tuple[str, bytes]) -> None:
    records = read(*source[:1], [source[1]])
    if isinstance(records, list):
        assert [each.position for each in records] == list(range(1, len(records) + 1))
        numbers = [each.line for each in records]
        assert all(one < other for one, other in pairwise(numbers))
        assert all(1 <= number <= source[1].count(b"\n") + 1 for number in numbers)


@given(st.lists(_json_lines), _ends)
def test_every_line_that_is_not_empty_is_a_record_with_its_number(parts: list[bytes], end: bytes) -> None:
    records = read(NDJSON, [end.join(parts)])
    without_mark = [
        part.removeprefix(b"\xef\xbb\xbf") if number == 1 else part for number, part in enumerate(parts, 1)
    ]
    expected = [number for number, part in enumerate(without_mark, start=1) if part.strip()]
    assert isinstance(records, list)
    assert [each.line for each in records] == expected


@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("size", [1000, 65_536, 4 * MEBIBYTE])
def test_the_longest_line_is_the_same_for_every_size_of_chunk(extra: int, size: int) -> None:
    content = b"a\n" + b"x" * (LONGEST_LINE + extra) + b"\nb"
    found = list(lines(content[start : start + size] for start in range(0, len(content), size)))
    assert [(line.number, line.too_long) for line in found] == [(1, False), (2, extra > 0), (3, False)]
    assert [len(line.content) for line in found] == [1, 0 if extra > 0 else LONGEST_LINE + extra, 1]


def _one_line() -> Iterator[bytes]:
    yield b"id,name\n"
    for _ in range(50):
        yield b"x" * MEBIBYTE
    yield b"\n1,a\n"


def _open_quotes() -> Iterator[bytes]:
    yield b"id,name\n"
    for number in range(400):
        yield b'%d,"' % number + b"x" * 1000 + b"\n"


def _many_rows() -> Iterator[bytes]:
    yield b"id,name\n"
    for number in range(10):
        yield b"".join(b"%d,Contoso\n" % each for each in range(number * 2000, number * 2000 + 2000))


@pytest.mark.parametrize("media_type", [NDJSON, CSV])
@pytest.mark.parametrize(
    ("source", "most"),
    [(_one_line, 6), (_open_quotes, 2), (_many_rows, 2)],
    ids=["50 MB in one line", "every row an open quote", "many rows"],
)
def test_memory_does_not_grow_with_the_input(
    media_type: str, source: Callable[[], Iterator[bytes]], most: int
) -> None:
    tracemalloc.start()
    try:
        records = sum(1 for _ in read_records(media_type, source(), COMPANIES))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert records > 1
    assert peak < most * MEBIBYTE
