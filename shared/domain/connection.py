"""A tenant's link to its organization, who may use it, and the sign-in that makes it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.errors import NeedsUser
from shared.domain.ids import DirectoryId, TenantId, UserId
from shared.domain.organization import OrganizationUrl

FLOW_LIFETIME = timedelta(minutes=10)
CONFIRMATION_LIFETIME = timedelta(minutes=10)
APPROVAL_LIFETIME = timedelta(days=7)
REAUTHORIZE = "reauthorizationRequired"


class SignInLost(NeedsUser):
    """The kept sign-in is worth nothing any more. `reason` is the code of why; `code` is always the same."""

    def __init__(self, reason: str, message: str, *, detail: str = "") -> None:
        super().__init__(REAUTHORIZE, message, detail=detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attention:
    """What a person has to look after, and since when; `since` None: it was not noted."""

    code: str
    message: str
    since: datetime | None


class ConnectionState(StrEnum):
    """Where a connection stands."""

    DISCONNECTED = "disconnected"
    PENDING = "pending"
    CONNECTED = "connected"
    REAUTHORIZATION_REQUIRED = "reauthorizationRequired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The sign-in of one person to one organization: the tenant's own, or one user's."""

    state: ConnectionState
    organization: OrganizationUrl
    directory: DirectoryId
    organization_id: str | None = None
    organization_name: str | None = None
    account_id: str | None = None
    account_name: str | None = None
    dynamics_user_id: str | None = None
    connected_by: UserId
    connected_at: datetime | None = None
    consent_granted: bool = False
    attention: Attention | None = None

    @property
    def problem(self) -> str | None:
        """What has to be done, where there is something."""
        return self.attention.message if self.attention else None


@dataclass(frozen=True, slots=True)
class Access:
    """For whom the integration is switched on. `users` None means everybody in the tenant.

    Each is an id, or an e-mail address of somebody who may never have called.
    """

    enabled: bool = False
    users: frozenset[UserId] | None = None

    def allows(self, user: UserId, email: str | None) -> bool:
        """Whether it is switched on for this person. Addresses are compared whatever their case."""
        if not self.enabled or self.users is None or user in self.users:
            return self.enabled
        return email is not None and email.casefold() in {
            each.casefold() for each in self.users if "@" in each
        }


class FlowPurpose(StrEnum):
    """What a sign-in was started for."""

    TENANT_CONNECTION = "tenantConnection"
    ADMIN_CONSENT = "adminConsent"
    USER_CONNECTION = "userConnection"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthFlow:
    """A sign-in under way: issued once, consumed once, within ten minutes. `msal_flow` is MSAL's state."""

    state: str
    purpose: FlowPurpose
    tenant: TenantId
    user: UserId
    organization: OrganizationUrl
    directory: DirectoryId
    return_url: str | None
    msal_flow: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSignIn:
    """What a sign-in proved, and nothing has been changed by yet. `tenant` and `user`: who started it.

    A sign-in has a connection and its tokens, in MSAL's form; an approval has neither.
    """

    purpose: FlowPurpose
    tenant: TenantId
    user: UserId
    organization: OrganizationUrl
    directory: DirectoryId
    connection: Connection | None = None
    tokens: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A sign-in that waits for an administrator of the directory, and the link to send to them."""

    tenant: TenantId
    user: UserId
    purpose: FlowPurpose
    organization: OrganizationUrl
    directory: DirectoryId
    link: str
    expires_at: datetime
    granted: bool = False
