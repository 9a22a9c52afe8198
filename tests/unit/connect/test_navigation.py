"""Only a person's own browser ends a sign-in."""

import pytest

from functions.connect.browser import check_navigation
from shared.domain.errors import InvalidRequest

OPENED = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


@pytest.mark.parametrize("headers", [{}, OPENED, {"Sec-Fetch-Mode": "navigate"}], ids=["none", "all", "one"])
def test_an_address_that_somebody_opened_is_taken(headers: dict[str, str]) -> None:
    check_navigation(headers)


@pytest.mark.parametrize(
    "differs",
    [
        {"Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Mode": ""},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "x" * 1000},
    ],
    ids=["a script", "empty", "a frame", "long"],
)
def test_what_a_page_asks_behind_a_persons_back_is_refused(differs: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_navigation(OPENED | differs)
    ((name, sent),) = differs.items()
    assert (refused.value.code, refused.value.detail) == ("pageNotOpened", f"{name}: {sent[:40]}")
