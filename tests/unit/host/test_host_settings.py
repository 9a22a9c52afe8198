from datetime import timedelta

import pytest

from local.host.settings import StartError, parse_time_span, resolve


def test_placeholders_are_replaced_by_settings() -> None:
    assert resolve("a-%ONE%-%TWO%", {"ONE": "1", "TWO": "2"}, "here") == "a-1-2"


def test_missing_setting_is_named_with_its_place() -> None:
    with pytest.raises(StartError, match="the schedule of function f names the setting WHEN"):
        resolve("%WHEN%", {}, "the schedule of function f")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("00:00:30", timedelta(seconds=30)),
        ("1.02:03:04", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("00:00:00.5", timedelta(milliseconds=500)),
        ("30", None),
        ("soon", None),
    ],
)
def test_time_span_is_read_as_dotnet_writes_it(text: str, span: timedelta | None) -> None:
    assert parse_time_span(text) == span
