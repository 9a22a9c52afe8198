"""What a row's options do to a conversion."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.convert import Convert, ValueRejected, converter, utf16_length
from shared.domain.dates import date_format
from shared.domain.fields import Column, ColumnType
from shared.domain.mapping import RowOptions, TooLong
from tests.builders import choice, column
from tests.unit.domain.any_options import any_options
from tests.unit.domain.test_convert_laws import COLUMNS, values

FAMILY = "👩\u200d👩\u200d👧"
ARABIC = "شركة الأمثلة المحدودة"


def convert(target: Column, **options: Any) -> Convert:
    return converter(target, 1, RowOptions(**options))


def line(limit: int) -> Convert:
    return convert(column(max_length=limit), too_long=TooLong.CUT)


@pytest.mark.parametrize(
    ("limit", "text", "kept"),
    [
        (20, "Contoso Outdoor Equipment", "Contoso Outdoor"),
        (15, "Contoso Outdoor Equipment", "Contoso Outdoor"),
        (14, "Contoso Outdoor Equipment", "Contoso"),
        (7, "Contoso Outdoor", "Contoso"),
        (12, "A Donaudampfschifffahrt", "A Donaudampf"),
        (5, "Donaudampfschifffahrt", "Donau"),
        (3, "ab", "ab"),
        (4, "🙂🙂🙂", "🙂🙂"),
        (3, "🙂🙂", "🙂"),
        (1, "🙂", None),
        (9, f"a{FAMILY}{FAMILY}", f"a{FAMILY}"),
        (7, f"ab{FAMILY}", "ab"),
        (3, "abe\u0301", "ab"),
        (4, "👍🏽👍🏽", "👍🏽"),
        (12, ARABIC, ARABIC[:12]),
        (utf16_length(ARABIC), ARABIC, ARABIC),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_long_text_is_cut_at_a_word_and_never_through_a_character(
    limit: int, text: str, kept: str | None
) -> None:
    assert line(limit)(text) == kept


def test_without_the_option_a_long_text_is_refused() -> None:
    with pytest.raises(ValueRejected, match="holds 5 characters"):
        convert(column(max_length=5))("123456")


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_always_fits_and_is_the_beginning(text: str, limit: int) -> None:
    cut = line(limit)(text)
    whole = line(10_000)(text)
    assert (cut is None) <= (whole is None or limit < 20)
    if cut is not None and whole is not None:
        assert 0 < utf16_length(cut) <= limit
        assert whole.startswith(cut)
        assert line(limit)(cut) == cut


@pytest.mark.parametrize("separator", [", ", " | ", "\n"])
def test_lists_are_joined_by_the_rows_separator(separator: str) -> None:
    kept = convert(column(kind=ColumnType.MEMO), separator=separator)(["a", {"name": "b"}, [" c ", ""]])
    assert kept == separator.join("abc")


INDUSTRY = choice("industrycode", "Retail trade", "Media", "Other", "other")
MAP = (("Retail", "Retail trade"), ("press", 2), ("Radio", "MEDIA"), ("PRESS", "Other"), ("Lost", "Gone"))


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Retail", 1),
        (" retail ", 1),
        ("press", 2),
        ("PRESS", 3),
        ("Press", 2),
        ("Radio", 2),
        ("Other", 3),
        ("other", 4),
        ("OTHER", 4),
        ("2", 2),
        (2, 2),
        ("", None),
    ],
)
def test_a_value_map_goes_before_labels_and_numbers(word: Any, number: int | None) -> None:
    assert convert(INDUSTRY, choices=MAP)(word) == number


@pytest.mark.parametrize("other", ["Other", 3, "3"])
def test_another_choice_stands_for_words_that_are_not_there(other: Any) -> None:
    assert convert(INDUSTRY, choices=MAP, other_choice=other)("Mining") == 3
    assert convert(INDUSTRY, choices=MAP, other_choice=other)("Lost") == 3
    assert convert(INDUSTRY, choices=MAP, other_choice=other)("Media") == 2
    assert convert(INDUSTRY, choices=MAP, other_choice=other)(" ") is None


@pytest.mark.parametrize("word", ["Mining", "Lost", 99])
def test_a_word_without_a_choice_is_refused_and_told_what_there_is(word: Any) -> None:
    with pytest.raises(ValueRejected, match=r"Retail trade \(1\), Media \(2\)") as rejected:
        convert(INDUSTRY, choices=MAP)(word)
    assert rejected.value.code == "choiceNotFound"


def test_several_choices_are_mapped_one_by_one() -> None:
    many = choice("many", "Retail trade", "Media", "Other", kind=ColumnType.MULTI_SELECT)
    assert convert(many, choices=MAP)(["Retail", "press"]) == "1,2"
    assert convert(many, choices=MAP)("Retail; Media") == "1,2"
    assert convert(many, choices=MAP, separator=" / ")("Retail / press") == "1,2"
    assert convert(many, choices=(("a, b", "Media"),))("A, B") == "2"
    assert convert(many, choices=MAP, other_choice="Other")(["x", "y", "Media"]) == "2,3"


DAY = column("day", ColumnType.DATE_TIME, behavior="DateOnly")
MOMENT = column("moment", ColumnType.DATE_TIME, behavior="UserLocal")


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("DD.MM.YYYY", "31.01.2026", "2026-01-31"),
        ("DD.MM.YYYY", "1.2.2026", "2026-02-01"),
        ("MM/DD/YYYY", "02/01/2026", "2026-02-01"),
        ("DD/MM/YYYY", "02/01/2026", "2026-01-02"),
        ("YYYY. MM. DD.", "2026. 1. 2.", "2026-01-02"),
        ("DD.MM.YYYY", "2026-01-31", "2026-01-31"),
        ("DD.MM.YYYY HH:mm", "31.01.2026 23:59", "2026-01-31"),
    ],
)
def test_a_date_is_read_in_the_rows_format_or_as_iso(pattern: str, text: str, day: str) -> None:
    assert convert(DAY, date_format=pattern)(text) == day


def test_a_format_with_a_time_gives_a_moment() -> None:
    assert convert(MOMENT, date_format="DD.MM.YYYY HH:mm")("31.01.2026 23:59") == "2026-01-31T23:59:00Z"
    assert convert(MOMENT, date_format="DD.MM.YYYY")("31.01.2026") == "2026-01-31T00:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "01/31/2026",
        "31.13.2026",
        "31.02.2026",
        "0.1.2026",
        "31.01.1752",
        "31-01-2026",
        "\u0663\u0661.\u0660\u0661.\u0662\u0660\u0662\u0666",
    ],
)
def test_another_format_is_refused_and_the_wanted_one_named(text: str) -> None:
    with pytest.raises(ValueRejected, match=r"for example DD\.MM\.YYYY") as rejected:
        convert(DAY, date_format="DD.MM.YYYY")(text)
    assert rejected.value.code == "notADate"


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "",
            "YYYY",
            "DD.MM.YY",
            "DD.MM.YYYY HH",
            "DD.MM.YYYY mm",
            "DDDD.MM.YYYY",
            "MMM DD YYYY",
            "D.M.YYYY",
        ),
        *("DD.MM.YYYY" + "." * 40, "DD.MM.YYYY YYYY"),
    ],
)
def test_a_date_format_that_is_none_says_so(pattern: str) -> None:
    with pytest.raises(ValueError, match="a date format"):
        date_format(pattern)


FLAG = column("flag", ColumnType.BOOLEAN)


def test_yes_and_no_may_be_said_in_the_rows_own_words() -> None:
    flag = convert(FLAG, true_words=("ja", "Да"), false_words=("nein", "y"))
    assert [flag(word) for word in ("JA", "да", " nein ", "y", "yes", "N")] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("target", COLUMNS, ids=lambda each: each.name)
@given(any_options, values)
def test_a_converted_value_converts_to_itself_whatever_the_options(
    target: Column, options: RowOptions, value: Any
) -> None:
    made = converter(target, 1, options)
    try:
        converted = made(value)
    except ValueRejected:
        return
    if target.type in {ColumnType.STRING, ColumnType.MEMO, ColumnType.DATE_TIME} and converted is not None:
        assert made(converted) == converted


def test_a_date_format_that_nobody_verified_refuses_values_alone() -> None:
    unread = convert(column(kind=ColumnType.DATE_TIME), date_format="DD")
    assert unread("") is None
    with pytest.raises(ValueRejected) as refused:
        unread("31")
    assert refused.value.code == "dateFormatInvalid"
