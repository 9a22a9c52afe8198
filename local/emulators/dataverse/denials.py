"""Dataverse's refusals of a caller: unknown, without rights, or too busy."""

from collections.abc import Mapping
from typing import Final

from local.emulators.dataverse.errors import DataverseError

THROTTLED_REQUESTS: Final = "0x80072322"
THROTTLED_TIME: Final = "0x80072321"
THROTTLED_CONCURRENCY: Final = "0x80072326"


def unauthenticated(challenge: str, reason: str) -> DataverseError:
    """401 with the challenge that names the directory; the reason stands in a header for people."""
    return DataverseError(
        401,
        "",
        "Authorization has been denied for this request.",
        {"WWW-Authenticate": challenge, "x-emulator-reason": reason},
    )


def not_a_member() -> DataverseError:
    """A good token of somebody without a systemuser row."""
    return DataverseError(403, "0x80072560", "The user is not a member of the organization.")


def user_disabled() -> DataverseError:
    """A systemuser that an administrator switched off."""
    return DataverseError(
        403,
        "0x80040225",
        "The specified user is either disabled or is not a member of any business unit.",
    )


def no_roles() -> DataverseError:
    """A systemuser without a security role."""
    return DataverseError(403, "0x80042F09", "The user has not been assigned any roles.")


def missing_privilege(
    user: Mapping[str, str], privilege: Mapping[str, str], type_code: int, table: str
) -> DataverseError:
    """The caller's roles do not hold what the operation asks for."""
    return DataverseError(
        403,
        "0x80040220",
        f"Principal user (Id={user['id']}, type=8, roleCount={user['roles']}, privilegeCount="
        f"{user['privileges']}, accessMode='0 Read-Write', AADObjectId='{user['object_id']}', "
        f"businessUnitId={user['unit']}), is missing {privilege['name']} privilege (Id={privilege['id']}) "
        f"on OTC={type_code} for entity '{table}'.",
    )


def too_many_requests(limit: int, window: int, retry_after: int) -> DataverseError:
    """The facet that counts requests."""
    message = f"Number of requests exceeded the limit of {limit} over time window of {window} seconds."
    return DataverseError(429, THROTTLED_REQUESTS, message, {"Retry-After": str(retry_after)})


def too_much_time(limit_seconds: float, window: int, retry_after: int) -> DataverseError:
    """The facet that sums execution time."""
    message = (
        f"Combined execution time of incoming requests exceeded limit of {round(limit_seconds * 1000):,}  "
        f"milliseconds over time window of {window} seconds. Decrease number of concurrent requests or "
        "reduce the duration of requests and try again later."
    )
    return DataverseError(429, THROTTLED_TIME, message, {"Retry-After": str(retry_after)})


def too_many_at_once(limit: int, retry_after: int) -> DataverseError:
    """The facet that counts requests under way."""
    message = f"Number of concurrent requests exceeded the limit of {limit}."
    return DataverseError(429, THROTTLED_CONCURRENCY, message, {"Retry-After": str(retry_after)})
