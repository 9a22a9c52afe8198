"""The request log as a person reads it: filters, details, and nothing that should not be there."""

import re

import pytest
import requests
from running_dataverse import ADA, HOST, Organization
from test_dataverse_pages import page, visit

HERE = f"?organization={HOST}"


@pytest.fixture
def log(contoso: Organization) -> Organization:
    """Five requests: read, written, refused, dropped, slow."""
    contoso.get("WhoAmI")
    contoso.create("accounts", name="Secret Name")
    contoso.get("leads?$filter=nothing eq 'Secret Value'", Prefer="odata.maxpagesize=7")
    contoso.control("POST", "faults" + HERE, {"action": "dropAfter", "method": "PATCH"})
    with pytest.raises(requests.ConnectionError):
        contoso.patch("accounts(accountnumber=4711)", {"name": "Secret Name"})
    contoso.control("POST", "faults" + HERE, {"action": "delay", "seconds": 0.06})
    contoso.get("contacts")
    return contoso


def shown(organization: Organization, query: str) -> list[str]:
    """The numbers of the requests that a filter leaves."""
    return re.findall(r'href="/view/_requests/(\d+)"', page(organization, "/view/_requests" + query))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["5", "4", "3", "2", "1"]),
        ("?method=POST", ["2"]),
        ("?status=refused", ["3"]),
        ("?status=done", ["5", "2", "1"]),
        ("?status=dropped", ["4"]),
        ("?status=fault", ["5", "4"]),
        ("?status=throttled", []),
        ("?text=WHOAMI", ["1"]),
        ("?text=0x80060888", ["3"]),
        ("?text=lindqvist&method=GET", ["5", "3", "1"]),
        ("?method=BREW&status=x&slow=x&page=x", ["5", "4", "3", "2", "1"]),
        ("?page=2", []),
    ],
)
def test_a_filter_shows(log: Organization, query: str, numbers: list[str]) -> None:
    assert shown(log, query) == numbers


def test_those_that_took_long_are_shown_alone(log: Organization) -> None:
    milliseconds = [one["ms"] for one in log.control("GET", "journal" + HERE)]
    limit = int(milliseconds[4])  # a busy machine may make others slow as well
    wanted = [str(number) for number in range(5, 0, -1) if milliseconds[number - 1] >= limit]
    assert limit >= 60
    assert shown(log, f"?slow={limit}") == wanted


def test_one_request_tells_what_can_be_told(log: Organization) -> None:
    text = page(log, "/view/_requests/3")
    for wanted in ("400 Bad Request", "0x80060888", "odata.maxpagesize=7", "$filter", "Ada Lindqvist"):
        assert wanted in text
    assert "dropAfter" in page(log, "/view/_requests/4")


def test_neither_values_nor_tokens_are_shown(log: Organization) -> None:
    token = str(log.session.headers["Authorization"])
    impersonating = log.get("accounts(name='Secret Name')", CallerObjectId=ADA)
    assert impersonating.status_code == 400
    texts = [page(log, f"/view/_requests/{number}") for number in range(1, 7)]
    texts.append(page(log, "/view/_requests"))
    for text in texts:
        assert "Secret" not in text
        assert "4711" not in text
        assert token[7:] not in text
    assert "Bearer (not shown)" in texts[0]
    assert ADA in texts[5]


def test_a_request_that_is_not_in_the_log_says_so(contoso: Organization) -> None:
    answer = visit(contoso, "/view/_requests/17")
    assert answer.status_code == 404
    assert "keeps the latest ones only" in answer.text


def test_an_empty_log_says_so(contoso: Organization) -> None:
    assert "No request has come yet." in page(contoso, "/view/_requests")
