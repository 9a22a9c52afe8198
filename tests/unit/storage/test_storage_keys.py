import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.keys import key

parts = st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4)


@given(parts)
def test_a_key_has_no_character_that_azure_forbids(texts: list[str]) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._@+~|-]+", key(*texts))


@given(parts, parts)
def test_different_parts_give_different_keys(first: list[str], second: list[str]) -> None:
    assert (key(*first) == key(*second)) == (first == second)


def test_an_ordinary_id_stays_readable() -> None:
    assert key("contoso", "ada@contoso.example") == "contoso|ada@contoso.example"


def test_a_lone_surrogate_has_a_key() -> None:
    assert key("\ud800") == "~ed~a0~80"


@pytest.mark.parametrize("texts", [(), ("",), ("a", "")], ids=["none", "empty", "one empty"])
def test_an_empty_part_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="empty"):
        key(*texts)


def test_a_key_that_is_too_long_is_refused() -> None:
    assert len(key("a" * 1024)) == 1024
    with pytest.raises(ValueError, match="1024"):
        key("a" * 1025)
