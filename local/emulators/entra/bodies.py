"""The JSON bodies that tests and tools send; a field that is not listed is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Body(BaseModel):
    """A call that needs nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class FaultBody(Body):
    """`count` token calls are delayed, then get `status`, or no answer at all where they are `dropped`."""

    count: Annotated[int, Field(ge=1)] = 1
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    delay: Annotated[float, Field(ge=0, le=600)] = 0.0
    dropped: bool = False


class ClockBody(Body):
    """Seconds between the machine's time and the emulator's."""

    offset: float


class SettingsBody(Body):
    """What is not named stays."""

    access_token_lifetime: Annotated[int, Field(ge=1)] | None = None
    strict_rotation: bool | None = None


class UserBody(Body):
    """What is not named stays; `password_changed` invalidates the refresh tokens given so far."""

    enabled: bool | None = None
    mfa_required: bool | None = None
    blocked_by_policy: bool | None = None
    password_changed: bool = False


class DirectoryBody(Body):
    """Whether people may consent for themselves, and whether the directory knows the application at all."""

    user_consent_allowed: bool | None = None
    application_missing: bool | None = None


class ConsentBody(Body):
    """Whose grants; without `user` everybody's, without `client_id` the first application's."""

    directory: str
    client_id: str | None = None
    user: str | None = None


class RevokeBody(Body):
    """Whose sessions end; everybody's without `user`."""

    user: str | None = None


class RotateBody(Body):
    """Which keys; `forget` withdraws the old ones at once, so that their tokens become worthless."""

    ring: Literal["directory", "callers"] = "directory"
    forget: bool = False


class CallerBody(Body):
    """Whom a caller's token is for; without `admin` as in world.json."""

    tenant: str
    user: str
    admin: bool | None = None
