import pytest

from functions.connect.addresses import check_return_url, with_confirmation, with_result
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
        "https://portal.example/" + "x" * 1977,
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
        "https://portal.example/" + "x" * 1978,
        "https://[portal.example/",
        "///portal.example",
        "////evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https:/portal.example",
        "https:portal.example",
        "https:///portal.example",
        "https://",
        "https:///",
        "?url=https://portal.example",
        "#https://portal.example",
        ".",
        "..",
        "/%2f%2fevil.example",
        "/%5cevil.example",
        "%2f%2fevil.example",
        "https%3a%2f%2fportal.example",
        "https://portal.example%2f@evil.example",
        "https://portal.example%40evil.example",
        "https://portal.example%00.evil.example",
        "https://portal.example%0d%0aLocation:evil.example",
        "https://portal.example;@evil.example",
        "https://portal.example:@evil.example",
        "https://portal.example:443@evil.example",
        "https://portal.example:443/",
        "https://portal.example.:443/",
        "https://portal.example./",
        "https://.portal.example/",
        "https://portal.example,evil.example/",
        "https://portal.example&evil.example/",
        "https://portal%2eexample/",
        "https://portal.example%23.evil.example/",
        "https://evil.example/portal.example",
        "https://evil.example?https://portal.example",
        "https://evil.example#https://portal.example",
        "https://portalxexample/",
        "https://xportal.example/",
        "https://portal.example\u3002evil.example/",
        "https://portal\uff0eexample/",
        "https://\u24d4vil.example/",
        "https://xn--portl-hpa.example/",
        "data:text/html,<script>alert(1)</script>",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://portal.example/",
        "ws://portal.example/",
        "blob:https://portal.example/x",
        "about:blank",
        "mailto:x@portal.example",
        "https://[::1]/",
        "https://127.0.0.1/",
        "http://127.0.0.1:7073/",
        "http://2130706433:7072/",
        "http://127.1:7072/",
        "null",
        "https://portal.example\n/",
        "https://portal.example\x00/",
        "https://portal.example\x7f/",
        "https://portal.example/\u202e",
        "https://portal.example/<script>",
        'https://portal.example/"onload=',
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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://portal.example/a?x=1", "https://portal.example/a?x=1&connection=unconfirmed&code=c#"),
        ("https://portal.example/#top", "https://portal.example/?connection=unconfirmed&code=c#top&"),
    ],
    ids=["without a fragment", "with one"],
)
def test_what_confirms_stands_in_the_fragment(before: str, after: str) -> None:
    assert with_confirmation(before, code="c", confirmation="a.b-_") == f"{after}confirmation=a.b-_"
