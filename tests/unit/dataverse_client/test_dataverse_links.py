import pytest

from shared.dataverse.links import page_path
from shared.domain.errors import NeedsUser
from shared.domain.organization import parse_organization_url

CONTOSO = parse_organization_url("https://contoso.crm4.dynamics.com")
COOKIE = "%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%22%20/%3E"


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (
            f"https://contoso.crm4.dynamics.com/api/data/v9.2/leads?$select=name&$skiptoken={COOKIE}",
            f"/api/data/v9.2/leads?$select=name&$skiptoken={COOKIE}",
        ),
        ("https://contoso.api.crm4.dynamics.com/api/data/v9.2/leads?a", "/api/data/v9.2/leads?a"),
        ("https://contoso.crm4.dynamics.com:443/api/data/v9.1/leads?a", "/api/data/v9.1/leads?a"),
        ("https://CONTOSO.crm4.dynamics.com/api/data/v9.2/leads", "/api/data/v9.2/leads"),
    ],
)
def test_links_of_the_organization_are_followed_unchanged(link: str, path: str) -> None:
    assert page_path(link, CONTOSO) == path


@pytest.mark.parametrize(
    "link",
    [
        "",
        "/api/data/v9.2/leads",
        "//contoso.crm4.dynamics.com/api/data/v9.2/leads",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/leads",
        "https://evil.example/api/data/v9.2/leads",
        "https://fabrikam.crm4.dynamics.com/api/data/v9.2/leads",
        "https://contoso.crm.dynamics.com/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com.evil.example/api/data/v9.2/leads",
        "https://evil-contoso.crm4.dynamics.com/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com@evil.example/api/data/v9.2/leads",
        "https://user@contoso.crm4.dynamics.com/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com:8443/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com:bad/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com/other/leads",
        "https://contoso.crm4.dynamics.com./api/data/v9.2/leads",
        "https://169.254.169.254/api/data/v9.2/leads",
        "https://[::1]/api/data/v9.2/leads",
        "https://[::1/api/data/v9.2/leads",
        "https://contoso.crm4.dynamics.com/api/data/v9.2/leads?a\r\nX: y",
        "https://contoso.crm4.dynamics.com/api/data/v9.2/leads?a b",
        "https://contoso.crm4.dynamics.com/api/data/v9.2/leads?ä",
    ],
)
def test_links_to_anywhere_else_are_refused(link: str) -> None:
    with pytest.raises(NeedsUser) as caught:
        page_path(link, CONTOSO)
    assert caught.value.code == "foreignLink"
    assert "not followed" in caught.value.message
