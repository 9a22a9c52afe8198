import pytest

from functions.connect.addresses import check_return_url, with_result
from shared.domain.errors import InvalidRequest

ORIGINS = ("https://portal.example", "http://127.0.0.1:7072")


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://portal.example",
        "https://portal.example/done?x=1#top",
        "HTTPS://Portal.Example/done",
        "http://127.0.0.1:7072/connected",
    ],
)
def test_an_address_of_the_portal_is_taken(url: str | None) -> None:
    assert check_return_url(url, ORIGINS) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/done",
        "//portal.example/done",
        "https://evil.example",
        "https://portal.example.evil.example/",
        "https://portal.example@evil.example/",
        "https://user@portal.example/",
        "https://portal.example:8443/",
        "http://portal.example/",
        "https://portal.example\\@evil.example/",
        "https://portal.example\t.evil.example/",
        " https://portal.example/",
        "https://portal.example/\r\nSet-Cookie: x=1",
        "javascript:alert(1)//https://portal.example",
        "https://portal.example:port/",
        "https://portal.\u0435xample/",
        "https://portal.example/" + "x" * 2000,
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_return_url(url, ORIGINS)
    assert refused.value.code == "returnUrlNotAllowed"


def test_without_portals_no_address_is_taken() -> None:
    with pytest.raises(InvalidRequest):
        check_return_url("https://portal.example", ())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://portal.example", "https://portal.example?connection=connected&code=c"),
        ("https://portal.example/a?x=1&y=", "https://portal.example/a?x=1&y=&connection=connected&code=c"),
        ("https://portal.example/#top", "https://portal.example/?connection=connected&code=c#top"),
        (
            "https://portal.example/?connection=error&code=old",
            "https://portal.example/?connection=connected&code=c",
        ),
    ],
    ids=["bare", "with a query", "with a fragment", "with an older result"],
)
def test_the_result_stands_in_the_query(before: str, after: str) -> None:
    assert with_result(before, ok=True, code="c") == after


def test_a_failure_says_so() -> None:
    assert with_result("https://portal.example", ok=False, code="a&b").endswith(
        "?connection=error&code=a%26b"
    )
