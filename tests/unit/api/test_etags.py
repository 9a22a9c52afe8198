import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.http.etags import entity_tag, etag_to_replace, is_unchanged
from shared.domain.errors import PreconditionMissing, Stale
from tests import callers
from tests.site import Site

CURRENT = "W/\"datetime'2026-01-31T09%3A30%3A00.1234567Z'\""
TAG = entity_tag(CURRENT)


def test_a_tag_is_strong_because_a_weak_one_never_matches_if_match() -> None:
    assert TAG.startswith('"')
    assert TAG.endswith('"')


@given(st.text(min_size=1), st.text(min_size=1))
def test_different_states_have_different_tags(one: str, other: str) -> None:
    assert (entity_tag(one) == entity_tag(other)) == (one == other)


@given(st.text())
def test_a_tag_is_plain_enough_for_a_header(etag: str) -> None:
    assert entity_tag(etag).isascii()
    assert '"' not in entity_tag(etag)[1:-1]


@pytest.mark.parametrize("header", [TAG, f'"other", {TAG}', f'{TAG},"x"', f" {TAG} "])
def test_a_write_is_bound_to_the_state_that_was_read(header: str) -> None:
    assert etag_to_replace({"If-Match": header}, CURRENT) == CURRENT


def test_a_star_overwrites_whatever_is_there() -> None:
    assert etag_to_replace({"If-Match": "*"}, CURRENT) is None


@pytest.mark.parametrize("header", ['"other"', "other", CURRENT, TAG[:-2] + '"', f"W/{TAG}x"])
def test_another_state_is_stale(header: str) -> None:
    with pytest.raises(Stale):
        etag_to_replace({"If-Match": header}, CURRENT)


@pytest.mark.parametrize("headers", [{}, {"If-Match": ""}, {"If-None-Match": "*"}])
def test_an_overwrite_says_what_it_overwrites(headers: dict[str, str]) -> None:
    with pytest.raises(PreconditionMissing):
        etag_to_replace(headers, CURRENT)


@pytest.mark.parametrize("header", [TAG, f"W/{TAG}", "*", f'"x", {TAG}'])
def test_who_has_the_state_already_is_told_so(header: str) -> None:
    assert is_unchanged({"If-None-Match": header}, CURRENT)


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": '"other"'}])
def test_who_has_another_state_gets_the_new_one(headers: dict[str, str]) -> None:
    assert not is_unchanged(headers, CURRENT)


def test_304_comes_without_a_body_and_with_the_tag(site: Site) -> None:
    first = site.call("GET", "/samples/lead", token=callers.user())
    again = site.call("GET", "/samples/lead", token=callers.user(), If_None_Match=first.headers["ETag"])
    assert (again.status, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(("sent", "status"), [(None, 428), ('"other"', 412), ("*", 201)])
def test_a_put_without_or_with_another_tag_is_refused(site: Site, sent: str | None, status: int) -> None:
    headers = {} if sent is None else {"If_Match": sent}
    answer = site.call("PUT", "/samples/lead", token=callers.admin(), body={"displayName": "x"}, **headers)
    assert answer.status == status
