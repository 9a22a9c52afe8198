import azure.functions as func  # noqa: TID251 - the sample operations are Azure functions
import pytest

from functions.http import MEBIBYTE, Api, Parameter, Payload, Reply, Request, Who
from shared.domain import errors
from shared.domain.errors import Problem
from tests import callers
from tests.site import Site

PORTAL = "https://portal.example"

FAILURES = {
    "invalid": errors.InvalidRequest("somethingInvalid", "Correct it."),
    "forbidden": errors.Forbidden("forbidden", "Ask an administrator."),
    "missing": errors.NotFound("notFound", "There is none."),
    "conflict": errors.Conflict("conflict", "Not now."),
    "needs-user": errors.NeedsUser("reauthorizationRequired", "Sign in again."),
    "stale": errors.Stale("changedMeanwhile", "Read it again."),
    "large": errors.TooLarge("tooLarge", "Send less."),
    "type": errors.UnsupportedType("contentTypeUnsupported", "Send JSON."),
    "unverified": errors.Unverified(
        "mappingUnverified",
        "1 problem.",
        problems=[Problem("columnUnknown", "Row 2: …", "/rows/1", row=2, vendor_field="a", column="b")],
    ),
    "precondition": errors.PreconditionMissing("ifMatchMissing", "Send If-Match."),
    "record": errors.RecordRejected("tooLong", "Too long.", column="lastname"),
    "transient": errors.Transient("storageUnavailable", "Wait.", detail="secret inner detail"),
    "throttled": errors.Transient("dynamicsThrottled", "Wait.", retry_after=12.2),
    "bug": ValueError("secret inner detail"),
}


class Sample(Payload):
    display_name: str
    size: int = 1
    tags: list[str] = []  # noqa: RUF012 - pydantic copies it for each model


@pytest.fixture
def api() -> Api:
    return Api(callers=callers.callers(), portal_origins=(PORTAL,), new_request_id=lambda: "r-1")


@pytest.fixture
def site(api: Api) -> Site:
    routes = func.Blueprint()

    @api.operation(
        routes,
        name="get_sample",
        method="GET",
        path="/samples/{object}",
        who=Who.USER,
        summary="Reads",
        query=(
            Parameter("size", "How many.", least=1, most=10),
            Parameter("kind", "Which.", choices=("a", "b")),
        ),
        etag=True,
    )
    def get_sample(request: Request[None]) -> Reply:
        name = f"{request.caller.user} {request.object_type}"
        return Reply(body=Sample(display_name=name), etag="W/\"datetime'1'\"")

    @api.operation(
        routes,
        name="put_sample",
        method="PUT",
        path="/samples/{object}",
        who=Who.ADMIN,
        summary="Writes",
        body=Sample,
        body_types=("text/csv",),
        max_bytes=10_000,
        etag=True,
        status=201,
    )
    def put_sample(request: Request[Sample | None]) -> Reply:
        tag = request.etag_to_replace("W/\"datetime'1'\"")
        return Reply(
            body=request.body or Sample(display_name=f"{request.media_type} {len(request.raw)} {tag}")
        )

    @api.operation(
        routes,
        name="post_sample",
        method="POST",
        path="/samples",
        who=Who.ANYBODY,
        summary="Takes",
        body=Sample,
    )
    def post_sample(request: Request[Sample]) -> Reply:
        return Reply(body=request.body)

    @api.operation(
        routes,
        name="post_packed_sample",
        method="POST",
        path="/packed-samples",
        who=Who.ANYBODY,
        summary="Takes gzip",
        body=Sample,
        status=201,
        most_unpacked=2 * MEBIBYTE,
    )
    def post_packed_sample(request: Request[Sample]) -> Reply:
        return Reply(body=request.body)

    @api.operation(
        routes, name="fail", method="GET", path="/fail/{how}", who=Who.ANYBODY, summary="Fails", status=204
    )
    def fail(request: Request[None]) -> Reply:
        if request.route["how"] == "not":
            return Reply()
        raise FAILURES[request.route["how"]]

    @api.operation(
        routes, name="whoami", method="GET", path="/whoami", who=Who.ANYBODY, summary="Asks in vain"
    )
    def whoami(request: Request[None]) -> Reply:
        return Reply(body=request.caller.user)

    api.unmatched(routes)
    return Site(routes)
