import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidRequest
from shared.domain.organization import CLOUDS, parse_organization_url

CONTOSO = "https://contoso.crm4.dynamics.com"

ACCEPTED = {
    # What people paste.
    "https://contoso.crm4.dynamics.com": CONTOSO,
    "https://contoso.crm4.dynamics.com/": CONTOSO,
    "contoso.crm4.dynamics.com": CONTOSO,
    "contoso.crm4.dynamics.com/": CONTOSO,
    "  https://contoso.crm4.dynamics.com  ": CONTOSO,
    "\thttps://contoso.crm4.dynamics.com\r\n": CONTOSO,
    "\u3000contoso.crm4.dynamics.com\u3000": CONTOSO,
    "HTTPS://CONTOSO.CRM4.DYNAMICS.COM": CONTOSO,
    "Contoso.crm4.Dynamics.com": CONTOSO,
    "https://contoso.crm4.dynamics.com/main.aspx?appid=1&pagetype=entitylist#x": CONTOSO,
    "https://contoso.crm4.dynamics.com/apps/x": CONTOSO,
    "https://contoso.crm4.dynamics.com/api/data/v9.2/": CONTOSO,
    "https://contoso.crm4.dynamics.com?x=1": CONTOSO,
    "https://contoso.crm4.dynamics.com#fragment": CONTOSO,
    "https://contoso.crm4.dynamics.com/?next=https://evil.example": CONTOSO,
    "contoso.crm4.dynamics.com/main.aspx?from=https://portal.example": CONTOSO,
    "https://contoso.crm4.dynamics.com/#@evil.example": CONTOSO,
    "https://contoso.crm4.dynamics.com:443": CONTOSO,
    "https://contoso.crm4.dynamics.com:443/x": CONTOSO,
    "https://contoso.crm4.dynamics.com:": CONTOSO,
    "contoso.crm4.dynamics.com:443": CONTOSO,
    # The Web API's own host.
    "https://contoso.api.crm4.dynamics.com": CONTOSO,
    "https://contoso.api.crm4.dynamics.com/api/data/v9.2": CONTOSO,
    "https://contoso.api.crm.dynamics.com": "https://contoso.crm.dynamics.com",
    # Regions and clouds.
    "https://contoso.crm.dynamics.com": "https://contoso.crm.dynamics.com",
    "https://contoso.crm9.dynamics.com": "https://contoso.crm9.dynamics.com",
    "https://contoso.crm21.dynamics.com": "https://contoso.crm21.dynamics.com",
    "https://contoso.crm99.dynamics.com": "https://contoso.crm99.dynamics.com",
    "https://contoso.crm.microsoftdynamics.us": "https://contoso.crm.microsoftdynamics.us",
    "https://contoso.api.crm.microsoftdynamics.us/": "https://contoso.crm.microsoftdynamics.us",
    "https://contoso.crm.appsplatform.us": "https://contoso.crm.appsplatform.us",
    "https://contoso.crm.dynamics.cn": "https://contoso.crm.dynamics.cn",
    # Names.
    "https://a.crm.dynamics.com": "https://a.crm.dynamics.com",
    "https://org1a2b3c4d.crm.dynamics.com": "https://org1a2b3c4d.crm.dynamics.com",
    "https://con-toso.crm.dynamics.com": "https://con-toso.crm.dynamics.com",
    "https://xn--conto-xxa.crm.dynamics.com": "https://xn--conto-xxa.crm.dynamics.com",
    f"https://{'a' * 63}.crm.dynamics.com": f"https://{'a' * 63}.crm.dynamics.com",
}

REFUSED = [
    "",
    "   ",
    "contoso",
    "https://",
    "https:///",
    "//contoso.crm4.dynamics.com",
    # No organization in front of the region.
    "https://crm4.dynamics.com",
    "https://.crm4.dynamics.com",
    "https://dynamics.com",
    "https://contoso.dynamics.com",
    "https://api.crm4.dynamics.com.",
    # Other hosts that look alike.
    "https://contoso.crm4.dynamics.com.evil.example",
    "https://contoso.crm.dynamics.com.evil.example/",
    "https://crm.dynamics.com.evil.example",
    "https://evil-dynamics.com",
    "https://contoso.crm4.evil-dynamics.com",
    "https://contoso.crm4-dynamics.com",
    "https://contoso.crm4.dynamicsxcom",
    "https://contoso.crm4.dynamics.co",
    "https://contoso.crm4.dynamics.com.",
    "https://contoso.xcrm4.dynamics.com",
    "https://contoso.crm-4.dynamics.com",
    "https://contoso.crm4x.dynamics.com",
    "https://evil.example/contoso.crm4.dynamics.com",
    "https://evil.example?https://contoso.crm4.dynamics.com",
    "https://evil.example#contoso.crm4.dynamics.com",
    "https://evil.example/https://contoso.crm4.dynamics.com",
    "https://a.b.crm4.dynamics.com",
    "https://contoso.api.api.crm4.dynamics.com",
    "https://contoso.crm4.api.dynamics.com",
    "https://contoso..crm4.dynamics.com",
    # Clouds with a region they do not have.
    "https://contoso.crm4.dynamics.cn",
    "https://contoso.crm4.microsoftdynamics.us",
    "https://contoso.crm.appsplatform.com",
    "https://contoso.crm.microsoftdynamics.de",
    # Sign-in, vault and metadata addresses.
    "https://login.microsoftonline.com",
    "https://169.254.169.254/metadata/instance",
    "https://127.0.0.1",
    "https://localhost:7074",
    "https://2130706433",
    "https://0x7f000001",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]",
    "https://[contoso.crm4.dynamics.com]",
    "https://[contoso.crm4.dynamics.com",
    # Schemes.
    "http://contoso.crm4.dynamics.com",
    "ftp://contoso.crm4.dynamics.com",
    "javascript://contoso.crm4.dynamics.com",
    "file://contoso.crm4.dynamics.com",
    "https:contoso.crm4.dynamics.com",
    "://contoso.crm4.dynamics.com",
    # User information and ports.
    "https://user@contoso.crm4.dynamics.com",
    "https://user:password@contoso.crm4.dynamics.com",
    "https://@contoso.crm4.dynamics.com",
    "https://contoso.crm4.dynamics.com@evil.example",
    "https://contoso.crm4.dynamics.com:443@evil.example",
    "https://contoso.crm4.dynamics.com:80",
    "https://contoso.crm4.dynamics.com:8443",
    "https://contoso.crm4.dynamics.com:0",
    "https://contoso.crm4.dynamics.com:x",
    "https://contoso.crm4.dynamics.com:99999",
    "https://contoso.crm4.dynamics.com:-443",
    # Characters.
    "https://contoso.crm4.dynamics.com%00.evil.example",
    "https://contoso%00.crm4.dynamics.com",
    "https://contoso%2ecrm4.dynamics.com",
    "https://contoso.crm4.dynamics.com%2f.evil.example",
    "https://contoso\x00.crm4.dynamics.com",
    "\x01https://contoso.crm4.dynamics.com",
    "https://contoso.crm4.dynamics.com\r\nHost: evil.example",
    "https://contoso.crm4\n.dynamics.com",
    "https://contoso .crm4.dynamics.com",
    "https://contoso.crm4.dynamics.com /x",
    "https:\\\\contoso.crm4.dynamics.com",
    "https://evil.example\\.crm4.dynamics.com",
    "https://contoso.crm4.dynamics.com\\@evil.example",
    "https://contoso\u3002crm4\u3002dynamics\u3002com",
    "https://contoso\uff0ecrm4\uff0edynamics\uff0ecom",
    "https://\uff43ontoso.crm4.dynamics.com",
    "https://c\u043entoso.crm4.dynamics.com",
    "https://contoso.crm\uff14.dynamics.com",
    "https://contoso.crm4.dynamics.com\u200b",
    "https://\u202econtoso.crm4.dynamics.com",
    "https://münchen.crm4.dynamics.com",
    "https://-contoso.crm4.dynamics.com",
    "https://contoso-.crm4.dynamics.com",
    "https://con_toso.crm4.dynamics.com",
    "https://con'toso.crm4.dynamics.com",
    "https://*.crm4.dynamics.com",
    f"https://{'a' * 64}.crm4.dynamics.com",
]


@pytest.mark.parametrize(("text", "url"), ACCEPTED.items(), ids=ascii)
def test_an_address_of_an_organization_is_brought_to_its_one_form(text: str, url: str) -> None:
    assert parse_organization_url(text).url == url


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_every_other_address_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_organization_url(text)
    assert refused.value.code == "organizationUrlInvalid"
    assert "https://contoso.crm4.dynamics.com" in refused.value.message


@pytest.mark.parametrize(
    ("host", "login"),
    [
        ("contoso.crm4.dynamics.com", "login.microsoftonline.com"),
        ("contoso.crm9.dynamics.com", "login.microsoftonline.com"),
        ("contoso.crm.microsoftdynamics.us", "login.microsoftonline.us"),
        ("contoso.crm.appsplatform.us", "login.microsoftonline.us"),
        ("contoso.crm.dynamics.cn", "login.partner.microsoftonline.cn"),
    ],
)
def test_the_host_decides_where_people_sign_in(host: str, login: str) -> None:
    organization = parse_organization_url(host)
    assert organization.authority("the-directory") == f"https://{login}/the-directory"


def test_everything_else_follows_from_the_host() -> None:
    organization = parse_organization_url("contoso.api.crm4.dynamics.com")
    assert organization.host == "contoso.crm4.dynamics.com"
    assert organization.web_api == "https://contoso.crm4.dynamics.com/api/data/v9.2/"
    assert organization.scope == "https://contoso.crm4.dynamics.com/user_impersonation"
    assert str(organization) == "https://contoso.crm4.dynamics.com"


def test_a_refusal_shows_no_more_than_a_hundred_characters_of_what_came() -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_organization_url("x" * 10_000)
    assert len(refused.value.message) < 400


@given(st.text(max_size=40), st.sampled_from(["", "https://", "https://contoso.crm4.dynamics.com"]))
def test_whatever_is_accepted_is_a_host_of_a_known_cloud(text: str, start: str) -> None:
    try:
        organization = parse_organization_url(start + text)
    except InvalidRequest:
        return
    assert organization.cloud in CLOUDS
    assert organization.cloud.suffix.fullmatch(organization.region)
    assert parse_organization_url(organization.url) == organization
