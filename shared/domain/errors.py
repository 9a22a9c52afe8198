"""Every deliberate error of the service, sorted by who acts next.

ServiceError
├── NeedsUser            a person has to do something: sign in again, grant access, correct a mapping
├── Transient            nobody has to do anything: the same step is tried again later
│   └── Throttled            429: the caller asked for more than the service allows
├── RecordRejected       one record cannot be written; the others go on
└── RequestRefused       the caller's request is at fault
    ├── InvalidRequest       400
    ├── Unauthenticated      401
    ├── Forbidden            403
    ├── NotFound             404
    ├── Conflict             409
    ├── Stale                412
    ├── TooLarge             413
    ├── UnsupportedType      415
    ├── Unverified           422
    └── PreconditionMissing  428

Anything else that is raised is a bug and goes to the Functions host, to be retried and seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input. `row` counts from 1; `path` is a JSON pointer into the body."""

    code: str
    message: str
    path: str = ""
    row: int | None = None
    vendor_field: str | None = None
    column: str | None = None


class ServiceError(Exception):
    """`message` is for the customer: what happened and what to do. `detail` is for the log alone."""

    def __init__(self, code: str, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail


class NeedsUser(ServiceError):
    """Goes on when a person has acted; nothing is retried until then."""


class Transient(ServiceError):
    """Will pass by itself. `retry_after` is in seconds, None when nobody said how long."""

    def __init__(
        self, code: str, message: str, *, retry_after: float | None = None, detail: str = ""
    ) -> None:
        super().__init__(code, message, detail=detail)
        self.retry_after = retry_after


class Throttled(Transient):
    """The caller asked for more than is allowed in this time; `retry_after` says when to go on."""


class RecordRejected(ServiceError):
    """Dynamics or the mapping refuses one record. `column` is the column to blame, where known."""

    def __init__(self, code: str, message: str, *, column: str | None = None, detail: str = "") -> None:
        super().__init__(code, message, detail=detail)
        self.column = column


class RequestRefused(ServiceError):
    """The caller's request cannot be carried out as it is."""

    def __init__(
        self, code: str, message: str, *, problems: Sequence[Problem] = (), detail: str = ""
    ) -> None:
        super().__init__(code, message, detail=detail)
        self.problems = tuple(problems)


class InvalidRequest(RequestRefused):
    """Malformed, or a value that is not allowed."""


class Unauthenticated(RequestRefused):
    """No valid token came with the request."""


class Forbidden(RequestRefused):
    """The caller may not do this, or the customer's preferences forbid it."""


class NotFound(RequestRefused):
    """Does not exist, or belongs to another tenant, which looks the same from outside."""


class Conflict(RequestRefused):
    """The state of the thing does not allow this now."""


class Stale(RequestRefused):
    """Somebody else changed the thing since the caller read it."""


class TooLarge(RequestRefused):
    """More bytes, records or rows than one request may carry."""


class UnsupportedType(RequestRefused):
    """A content type that this operation does not take."""


class Unverified(RequestRefused):
    """Verification found problems; each names what needs to be adjusted."""


class PreconditionMissing(RequestRefused):
    """An overwrite without If-Match."""
