"""Writes phone numbers in one format, by Google's rules of every country's numbers."""

from shared.domain.countries import country_code
from shared.domain.mapping import PhoneFormat


def format_phone(text: str, country: str, style: PhoneFormat) -> str | None:
    """The number in this format, with its extension; None when it is no number.

    `country` is whose it is where the number does not begin with a country's prefix: a name or a code.
    """
    if style is PhoneFormat.AS_IT_IS:
        return text
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country_code(country))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    if style is PhoneFormat.NATIONAL:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    written = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return f"{written} ext. {number.extension}" if number.extension else written
