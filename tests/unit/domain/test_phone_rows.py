from shared.domain.compiled import compile_mapping
from shared.domain.compiled.tools import Tools, country_fields
from shared.domain.ids import ObjectType
from shared.domain.mapping import PhoneFormat, VendorSource
from shared.domain.vendor_catalog import vendor_fields
from tests.builders import options, row, texts


def _shown(text: str, country: str, style: PhoneFormat) -> str | None:
    return f"{style}:{country}:{text}" if country else None


ROWS = [
    options(row("phone", "telephone1"), phone_format=PhoneFormat.E164),
    options(row("companyPhone", "telephone2"), phone_format=PhoneFormat.NATIONAL),
    row("mobilePhone", "mobilephone"),
]
MAPPING = compile_mapping(
    ROWS,
    texts("telephone1", "telephone2", "mobilephone"),
    vendor_fields(ObjectType.LEAD),
    Tools(format_phone=_shown),
)


def test_a_number_is_formatted_for_the_country_of_whom_it_belongs_to() -> None:
    mapped = MAPPING.map(
        {
            "phone": "1",
            "companyPhone": "2",
            "mobilePhone": "3",
            "country": "Canada",
            "companyCountry": "France",
        }
    )
    assert mapped.fill == {
        "telephone1": "e164:Canada:1",
        "telephone2": "national:France:2",
        "mobilephone": "3",
    }


def test_the_other_country_stands_in() -> None:
    assert MAPPING.map({"phone": "1", "companyCountry": "France"}).fill == {"telephone1": "e164:France:1"}
    assert country_fields(VendorSource("companyFax")) == ("companyCountry", "country")


def test_what_cannot_be_formatted_is_left_out_with_the_reason() -> None:
    mapped = MAPPING.map({"phone": "1"})
    assert mapped.fill == {}
    assert [(each.column, each.code) for each in mapped.left_out] == [("telephone1", "notAPhoneNumber")]
