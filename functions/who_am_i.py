"""Asks an organization whom a token belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import requests

from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import query, who_am_i
from shared.domain.errors import ServiceError
from shared.domain.organization import OrganizationUrl


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The user of a token, and the organization that answered."""

    user_id: str
    organization_id: str
    organization_name: str | None


def asks_who_am_i(
    session: Callable[[], requests.Session],
    clock: Callable[[], datetime],
) -> Callable[[OrganizationUrl, str], WhoAmI]:
    """The question, over this session."""

    def ask(organization: OrganizationUrl, access_token: str) -> WhoAmI:
        """NeedsUser where the organization does not know the user, Transient where it is away."""
        client = DataverseClient(session(), organization, lambda _fresh: access_token, clock=clock)
        known, names = client.batch([who_am_i(), query("organizations", select=["name"])])
        if isinstance(known, ServiceError):
            raise known
        user = known.json()
        return WhoAmI(
            user_id=user["UserId"],
            organization_id=user["OrganizationId"],
            # Who may not read the organization's row may still connect to it.
            organization_name=None if isinstance(names, ServiceError) else _name(names.json()),
        )

    return ask


def _name(answer: dict[str, list[dict[str, str]]]) -> str | None:
    return next((row.get("name") for row in answer["value"]), None)
