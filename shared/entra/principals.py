"""In whose name tokens are kept: the tenant's own connection, or one person's."""

from shared.domain.ids import UserId

TENANT = "tenant"


def of_user(user: UserId) -> str:
    """The principal of one person's own connection."""
    return f"user:{user}"


def user_of(principal: str) -> UserId | None:
    """The person whose connection it is; None for the tenant's own."""
    return None if principal == TENANT else UserId(principal.removeprefix("user:"))
