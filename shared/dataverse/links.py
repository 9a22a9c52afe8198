"""Guards the links that an organization answers with: only its own hosts are followed."""

from urllib.parse import urlsplit

from shared.domain.errors import NeedsUser
from shared.domain.organization import OrganizationUrl

_WEB_API = "/api/data/v"


def page_path(link: str, organization: OrganizationUrl) -> str:
    """The path and query of an `@odata.nextLink`; NeedsUser for a link to anywhere but the organization."""
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError as error:
        raise _foreign() from error
    own_hosts = {organization.host, f"{organization.name}.api.{organization.region}"}
    safe = parts.scheme == "https" and parts.username is None and port in {None, 443}
    if not safe or parts.hostname not in own_hosts or not parts.path.startswith(_WEB_API):
        raise _foreign()
    if not link.isascii() or any(character <= " " for character in link):
        raise _foreign()
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _foreign() -> NeedsUser:
    return NeedsUser(
        "foreignLink",
        "Dynamics answered with a link to another server, which was not followed. "
        "Check the Organization URL and connect again; if it is right, ask your Dynamics administrator.",
    )
