"""Somebody else who works in the organization while an export runs."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from local.callers import loopback_session
from local.stack import Stack
from local.world import read_organization
from tests.chaos.people import EDITED_COLUMN
from tests.e2e.conversation import Dataverse

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Colleague:
    """Deletes leads and fills in job titles.

    `edits`: the titles that were taken, by e-mail; `perhaps` holds those whose answer got lost.
    """

    session: requests.Session
    leads: str
    edits: dict[str, str] = field(default_factory=dict)
    perhaps: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """A new round begins."""
        self.edits.clear()
        self.perhaps.clear()

    def delete(self, lead: str) -> bool:
        """Whether the lead was there to be deleted."""
        try:
            return self.session.delete(f"{self.leads}({lead})", timeout=_PATIENCE).status_code == 204
        except requests.RequestException:
            return False  # a fault that was meant for the service; the lead may be gone

    def fill_in(self, lead: str, email: str) -> bool:
        """Fills in an empty job title, unless somebody changes the lead at that moment."""
        try:
            found = self.session.get(f"{self.leads}({lead})?$select={EDITED_COLUMN}", timeout=_PATIENCE)
        except requests.RequestException:
            return False  # a fault that was meant for the service
        if found.status_code != 200 or found.json()[EDITED_COLUMN] is not None:
            return False
        return self._write(lead, email, found.json()["@odata.etag"])

    def _write(self, lead: str, email: str, etag: str) -> bool:
        title = f"Set by hand for {email}"
        try:
            answer = self.session.patch(
                f"{self.leads}({lead})",
                json={EDITED_COLUMN: title},
                headers={"If-Match": etag},
                timeout=_PATIENCE,
            )
        except requests.RequestException:
            self.perhaps.add(email)
            return False
        if answer.status_code != 204:
            return False
        self.edits[email] = title
        return True


def colleague_of(stack: Stack, dataverse: Dataverse) -> Colleague:
    """An application user with a token of its own."""
    world = read_organization()
    member = {"applicationId": world.client_id, "roles": ["System Administrator"]}
    dataverse.control("POST", "users", member)
    form = {
        "grant_type": "client_credentials",
        "client_id": world.client_id,
        "client_secret": world.client_secret,
        "scope": f"{world.url}/.default",
    }
    session = loopback_session()
    address = f"{stack.entra}/{world.directory}/oauth2/v2.0/token"
    token = session.post(address, data=form, timeout=_PATIENCE).json()["access_token"]
    session.headers["Host"] = urlsplit(world.url).netloc
    session.headers["Authorization"] = f"Bearer {token}"
    return Colleague(session, f"{stack.dataverse}/api/data/v9.2/leads")
