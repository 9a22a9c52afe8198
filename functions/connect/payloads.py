"""Connections and access as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from functions.connect.checks import Line
from functions.connect.views import ConnectionView
from functions.http import Payload
from shared.domain.connection import Access, ConnectionState
from shared.domain.ids import UserId

_MOST_USERS = 5_000

OrganizationUrlText = Annotated[str, Field(max_length=2_000, examples=["https://contoso.crm4.dynamics.com"])]
ReturnUrl = Annotated[
    str | None,
    Field(max_length=2_000, description="Where the browser goes afterwards; an address of the portal."),
]


class StartPayload(Payload):
    """What a sign-in starts with. Any address of the organization that a person may paste is understood."""

    organization_url: OrganizationUrlText
    return_url: ReturnUrl = None


class AuthorizationPayload(Payload):
    """Where the browser has to go now. The answer is awaited for ten minutes."""

    authorization_url: str


class ConfirmationPayload(Payload):
    """What completes a sign-in that was held back."""

    confirmation: str = Field(
        min_length=1,
        max_length=400,
        description="The code that the window of the sign-in told, or the fragment of the returnUrl.",
    )


class AttentionPayload(Payload):
    """A banner: why exports through the connection wait."""

    code: str = Field(description="Stable name of the reason.", examples=["passwordChanged"])
    message: str = Field(description="What happened and what to do.")
    since: datetime | None


class ApprovalPayload(Payload):
    """What the caller's own sign-in waits for: an administrator of the directory."""

    link: str = Field(description="To be sent to the administrator, who needs no account of ours to open it.")
    valid_until: datetime
    granted: bool = Field(description="Approved: the caller may connect now.")


class ConnectionPayload(Payload):
    """Where a connection stands."""

    state: ConnectionState
    organization_url: str | None
    organization_name: str | None
    organization_id: str | None
    connected_by: str | None = Field(description="The user who connected.")
    connected_at: datetime | None
    account: str | None = Field(
        description="The Dynamics account that signed in; only administrators see it."
    )
    consent_granted: bool = Field(description="Whether access was granted to all users of the directory.")
    enabled: bool = Field(description="Whether the integration is switched on for the caller.")
    problem: str | None = Field(description="What has to be done, where the state asks for it.")
    attention: AttentionPayload | None = Field(description="Why exports wait, where they do.")
    approval: ApprovalPayload | None = Field(
        description="What the caller's own sign-in waits for, where an administrator has to approve it."
    )

    @classmethod
    def of(cls, view: ConnectionView) -> "ConnectionPayload":
        connection = view.connection
        return cls(
            state=view.state,
            organization_url=connection.organization.url if connection else None,
            organization_name=connection.organization_name if connection else None,
            organization_id=connection.organization_id if connection else None,
            connected_by=connection.connected_by if connection else None,
            connected_at=connection.connected_at if connection else None,
            account=connection.account_name if connection and view.shows_account else None,
            consent_granted=connection.consent_granted if connection else False,
            enabled=view.enabled,
            problem=connection.problem if connection else None,
            attention=_attention(view),
            approval=_approval(view),
        )


def _attention(view: ConnectionView) -> AttentionPayload | None:
    found = view.attention
    if found is None:
        return None
    return AttentionPayload(code=found.code, message=found.message, since=found.since)


def _approval(view: ConnectionView) -> ApprovalPayload | None:
    found = view.approval
    if found is None:
        return None
    return ApprovalPayload(link=found.link, valid_until=found.expires_at, granted=found.granted)


class CheckLinePayload(Payload):
    """One thing that was looked at."""

    check: str = Field(examples=["privilegesLead"])
    ok: bool
    code: str = Field(description="“ok”, or a stable name.", examples=["privilegeMissing"])
    message: str = Field(description="What was found, and what to do where it is not ok.")


class CheckPayload(Payload):
    """A check of the tenant's connection."""

    ok: bool = Field(description="Whether every line is.")
    checks: list[CheckLinePayload]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "CheckPayload":
        return cls(
            ok=all(line.ok for line in lines),
            checks=[
                CheckLinePayload(check=line.check, ok=line.ok, code=line.code, message=line.message)
                for line in lines
            ],
        )


class AccessPayload(Payload):
    """For whom the integration is switched on."""

    enabled: bool
    users: (
        Literal["all"]
        | Annotated[
            tuple[Annotated[str, Field(min_length=1, max_length=128)], ...], Field(max_length=_MOST_USERS)
        ]
    ) = Field(
        description="Ids (GET /users) or e-mail addresses of users, or “all” for everybody in the tenant."
    )

    def to_domain(self) -> Access:
        users = None if self.users == "all" else frozenset(UserId(user) for user in self.users)
        return Access(enabled=self.enabled, users=users)

    @classmethod
    def of(cls, access: Access) -> "AccessPayload":
        users = "all" if access.users is None else tuple(sorted(access.users))
        return cls.model_validate({"enabled": access.enabled, "users": users})
