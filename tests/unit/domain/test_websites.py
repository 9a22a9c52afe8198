"""Every spelling of a website is one domain."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.websites import website_domain, website_spellings


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.contoso.example", "contoso.example"),
        ("http://contoso.example/", "contoso.example"),
        ("contoso.example", "contoso.example"),
        ("WWW.CONTOSO.EXAMPLE", "contoso.example"),
        ("//contoso.example/x", "contoso.example"),
        ("https://shop.contoso.example:8443/x?y#z", "shop.contoso.example"),
        ("https://user@contoso.example", "contoso.example"),
        ("https://contoso.example.", "contoso.example"),
        ("https://www.www.contoso.example", "contoso.example"),
        ("https://münchen.example", "münchen.example"),
        ("https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("https://www.linkedin.com/", "linkedin.com"),
        ("https://www.linkedin.com/company/contoso", ""),
        ("https://uk.linkedin.com/company/contoso", ""),
        ("https://notlinkedin.com/company", "notlinkedin.com"),
        ("", ""),
        (" ", ""),
        ("contoso", ""),
        ("https://", ""),
        ("www.com", ""),
        ("N.A.", ""),
        ("n/a", ""),
        ("none", ""),
        ("-", ""),
        ("see contoso.example for more", ""),
        ("https://[::1]/", ""),
        ("https://[contoso", ""),
        ("10.0.0.1", ""),
        ("mailto:info@contoso.example", "contoso.example"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert website_domain(address) == domain


_addresses = st.one_of(
    st.text(max_size=20),
    st.from_regex(
        r"(https?://)?(www\.)?[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){0,3}(:[0-9]{1,5})?(/[a-z]{0,3})?",
        fullmatch=True,
    ),
)


@given(_addresses)
@example("www.com")
@example("www.www.contoso.example")
@example("https://www.contoso.example./")
def test_every_spelling_of_a_website_leads_back_to_its_domain(address: str) -> None:
    domain = website_domain(address)
    if domain:
        assert {website_domain(spelling) for spelling in website_spellings(domain)} == {domain}
        assert {f"https://www.{domain}", domain, f"http://{domain}/"} <= set(website_spellings(domain))
