"""An example of the problem details of each status, for the API's description."""

from functions.http.problems import ProblemDetails, problem_of, unexpected_problem
from shared.domain import errors
from shared.domain.errors import Problem, ServiceError

_ID = "6f6b3c1e-5a0d-4d53-9c6e-2f7d9f3d1c70"

_EXAMPLES: tuple[ServiceError, ...] = (
    errors.InvalidRequest(
        "bodyInvalid",
        "The body has 1 thing to correct; “errors” names each.",
        problems=[Problem("missing", "Field required.", "/rows")],
    ),
    errors.Unauthenticated("tokenInvalid", "The token is refused: it has expired; sign in again."),
    errors.Forbidden("adminsOnly", "Only an administrator may do this. Ask one of yours."),
    errors.NotFound("objectUnknown", "There is no such object. Use “account” or “lead”."),
    errors.Conflict("notConnected", "Connect to Dynamics 365 first."),
    errors.Stale("changedMeanwhile", "This was changed by somebody else since you read it. Read it again."),
    errors.TooLarge("bodyTooLarge", "The body is larger than is taken at once. Send less."),
    errors.UnsupportedType("contentTypeUnsupported", "This operation takes application/json."),
    errors.Unverified(
        "mappingUnverified",
        "The mapping has 1 problem to put right; nothing was saved.",
        problems=[
            Problem(
                "columnUnknown",
                "Row 2: “jobtitel” is not in your Dynamics organization. Pick another field.",
                "/rows/1",
                row=2,
                vendor_field="jobTitle",
                column="jobtitel",
            ),
        ],
    ),
    errors.PreconditionMissing("ifMatchMissing", "Send the ETag that you read in the If-Match header, or *."),
    errors.Throttled("requestsThrottled", "Too many requests in a minute. Wait, then go on.", retry_after=1),
    errors.Transient("storageUnavailable", "The storage does not answer at the moment. Try again."),
)


def example_problem(status: int) -> ProblemDetails:
    """What an answer of that status may look like."""
    examples = (problem_of(error, _ID) for error in _EXAMPLES)
    return next((each for each in examples if each.status == status), unexpected_problem(_ID))
