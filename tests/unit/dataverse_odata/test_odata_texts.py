import json
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.emulators.dataverse.errors import DataverseError
from local.emulators.dataverse.odata.arrays import read_array
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.odata.tokens import TokenKind, tokenize

TEXTS = st.text(st.characters(codec="utf-8"))


@given(TEXTS)
def test_option_of_a_query_comes_out_as_it_was_before_it_was_encoded(text: str) -> None:
    assert split_query(f"$filter={quote(text)}&$other={quote_plus(text)}") == {
        "$filter": text,
        "$other": text,
    }


@pytest.mark.parametrize("encoded", ["%2522", "%%22", "%2", "a%2%22b", "%c3%a4%22%C3%B6", "%2b+%2B", "%252C"])
def test_escapes_that_are_none_stay_and_all_others_are_decoded_once(encoded: str) -> None:
    assert split_query(f"x={encoded}") == {"x": unquote_plus(encoded)}


@given(st.lists(TEXTS))
def test_list_of_texts_in_json_is_read_text_by_text(texts: list[str]) -> None:
    assert read_array(json.dumps(texts)) == tuple(texts)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("['a','b']", ("a", "b")),
        ('["a",1,x]', ("a", "1", "x")),
        ("[1, 2]", ("1", "2")),
        ("[null]", ("null",)),
        ("[ ]", ()),
        ("'1,2'", ("1", "2")),
        ("123", ("2",)),
    ],
)
def test_list_that_is_no_json_of_texts_is_read_leniently(text: str, items: tuple[str, ...]) -> None:
    assert read_array(text) == items


def test_text_that_json_does_not_take_is_refused() -> None:
    with pytest.raises(DataverseError, match="Invalid JSON"):
        read_array('["a\nb"]')


@pytest.mark.parametrize(
    ("text", "kind", "token"),
    [
        ("'it''s' eq", TokenKind.STRING, "'it''s'"),
        (r'["a\"]","b"] eq', TokenKind.ARRAY, r'["a\"]","b"]'),
        ("['a]','b'] eq", TokenKind.ARRAY, "['a]','b']"),
        ("[1,x] eq", TokenKind.ARRAY, "[1,x]"),
        ('["open] x ]', TokenKind.ARRAY, '["open] x ]'),
    ],
)
def test_text_or_list_ends_where_its_quotes_say(text: str, kind: TokenKind, token: str) -> None:
    first = tokenize(text)[0]
    assert (first.kind, first.text) == (kind, token)
