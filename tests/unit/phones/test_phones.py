import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.countries import country_code
from shared.domain.mapping import PhoneFormat
from shared.phones import format_phone

E164, NATIONAL, AS_IT_IS = PhoneFormat.E164, PhoneFormat.NATIONAL, PhoneFormat.AS_IT_IS


@pytest.mark.parametrize(
    ("text", "country", "e164", "national"),
    [
        ("(425) 555-0142", "United States", "+14255550142", "(425) 555-0142"),
        ("425.555.0142", "US", "+14255550142", "(425) 555-0142"),
        ("+1 425 555 0142", "", "+14255550142", "(425) 555-0142"),
        ("+49 30 901820", "United States", "+4930901820", "030 901820"),
        ("020 7946 0958", "United Kingdom", "+442079460958", "020 7946 0958"),
        ("(425) 555-0142 ext. 12", "usa", "+14255550142 ext. 12", "(425) 555-0142 ext. 12"),
        ("01 70 18 99 00", "france", "+33170189900", "01 70 18 99 00"),
        ("\u0660\u0662 2794 1234", "egypt", "+20227941234", "02 27941234"),
    ],
)
def test_a_number_is_written_as_the_row_says(text: str, country: str, e164: str, national: str) -> None:
    assert format_phone(text, country, E164) == e164
    assert format_phone(text, country, NATIONAL) == national
    assert format_phone(text, country, AS_IT_IS) == text


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("(425) 555-0142", ""),
        ("(425) 555-0142", "Atlantis"),
        ("12", "US"),
        ("none", "US"),
        ("+999 1234567", "US"),
        ("", "US"),
        ("4" * 300, "US"),
    ],
)
def test_what_is_no_number_is_none(text: str, country: str) -> None:
    assert format_phone(text, country, E164) is None


@given(st.text(), st.sampled_from(["US", "Germany", "", "nowhere"]), st.sampled_from(PhoneFormat))
def test_any_text_is_formatted_or_none(text: str, country: str, style: PhoneFormat) -> None:
    written = format_phone(text, country, style)
    if written is not None and style is E164:
        assert format_phone(written, country, style) == written


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("united  states of america", "US"),
        ("U.S.A.", "US"),
        ("U.K.", "GB"),
        ("gb", "GB"),
        ("Côte d'Ivoire", "CI"),
        ("Deutschland", "DE"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Åland Islands", "AX"),
        ("", None),
        ("Atlantis", None),
    ],
)
def test_a_country_is_known_by_name_short_form_or_code(name: str, code: str | None) -> None:
    assert country_code(name) == code
