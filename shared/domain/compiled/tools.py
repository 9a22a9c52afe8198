"""What a mapping needs from outside the domain: handed in, with harmless defaults."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.domain.compiled.blocks import owner_of
from shared.domain.compiled.lookups import OwnId
from shared.domain.mapping import PhoneFormat, Source

FormatPhone = Callable[[str, str, PhoneFormat], str | None]
"""A phone number, the country that it may lack, how to write it; None when it is no number."""


def _as_it_is(text: str, _country: str, _style: PhoneFormat) -> str | None:
    return text


def _nobodys(_table: str, _vendor_id: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Without a tool phone numbers stay as they are, and no lookup knows keys of ours."""

    format_phone: FormatPhone = _as_it_is
    own_id: OwnId = _nobodys


NO_TOOLS = Tools()


def country_fields(source: Source) -> tuple[str, ...]:
    """The vendor fields that tell the country of a phone number, the likelier first."""
    fields = ("country", "companyCountry")
    return fields[::-1] if owner_of(source) == "company" else fields
