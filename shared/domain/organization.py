"""The Organization URL: which hosts are allowed, and what follows from the host."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.domain.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Cloud:
    """One Microsoft cloud: the hosts of its organizations and of its sign-in."""

    name: str
    suffix: re.Pattern[str]
    login_host: str


# Hosts: "Discovery servers" of Microsoft's ServiceClient; sign-in hosts: "National clouds" (Entra ID).
# Any crm number passes, so that a new region needs no release.
CLOUDS = (
    Cloud("public", re.compile(r"crm\d*\.dynamics\.com"), "login.microsoftonline.com"),
    Cloud("usGovernmentHigh", re.compile(r"crm\.microsoftdynamics\.us"), "login.microsoftonline.us"),
    Cloud("usGovernmentDoD", re.compile(r"crm\.appsplatform\.us"), "login.microsoftonline.us"),
    Cloud("china", re.compile(r"crm\.dynamics\.cn"), "login.partner.microsoftonline.cn"),
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class OrganizationUrl:
    """A customer's Dataverse environment, `https://<name>.crm<N>.dynamics.com`, without the `.api.` form."""

    name: str
    region: str
    cloud: Cloud

    @property
    def host(self) -> str:
        return f"{self.name}.{self.region}"

    @property
    def url(self) -> str:
        return f"https://{self.host}"

    @property
    def web_api(self) -> str:
        """Root of the Web API, with a slash at the end."""
        return f"{self.url}/api/data/v9.2/"

    @property
    def scope(self) -> str:
        """What is asked for at sign-in: access to the organization as the person who signs in."""
        return f"{self.url}/user_impersonation"

    def authority(self, directory: str) -> str:
        return f"https://{self.cloud.login_host}/{directory}"

    def __str__(self) -> str:
        return self.url


def parse_organization_url(text: str) -> OrganizationUrl:
    """The organization that a pasted address names; InvalidRequest for anything but a known Dynamics host."""
    name, _, region = _host(text).partition(".")
    if region.startswith("api."):
        region = region.removeprefix("api.")
    cloud = next((cloud for cloud in CLOUDS if cloud.suffix.fullmatch(region)), None)
    if cloud is None or not _LABEL.fullmatch(name):
        raise _refused(text)
    return OrganizationUrl(name, region, cloud)


def _host(text: str) -> str:
    cleaned = text.strip()
    if not _SCHEME.match(cleaned):
        cleaned = f"https://{cleaned}"
    if not cleaned.isascii() or not cleaned.isprintable() or " " in cleaned or "\\" in cleaned:
        raise _refused(text)
    try:
        parts = urlsplit(cleaned)
        port = parts.port
    except ValueError as error:
        raise _refused(text) from error
    if parts.scheme.lower() != "https" or parts.username is not None or port not in {None, 443}:
        raise _refused(text)
    return parts.hostname or ""


def _refused(text: str) -> InvalidRequest:
    shown = text.strip()[:100]
    return InvalidRequest(
        "organizationUrlInvalid",
        f"“{shown}” is not the address of a Dynamics 365 organization. "
        "Open Dynamics 365 in your browser and copy the address up to the first slash, "
        "for example https://contoso.crm4.dynamics.com.",
    )
