"""Answers what no operation does: browsers' OPTIONS, unknown paths, and known paths with another method."""

import re
from collections.abc import Collection, Iterable

from functions.http import origins
from functions.http.exchange import Reply, Request
from functions.http.operations import Operation, Who
from functions.http.problems import MethodNotAllowed
from shared.domain.errors import NotFound

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

# The Functions host tries routes in the order of the functions' names (FunctionMetadataManager of
# Azure/azure-functions-host), so this name has to be the last of all.
UNMATCHED = Operation(
    name="zz_unmatched",
    method="*",
    path="/{*path}",
    who=Who.ANYBODY,
    summary="Answers what no operation does",
    max_bytes=2**63,
)


def unmatched(
    request: Request[None], operations: Iterable[Operation], portal_origins: Collection[str]
) -> Reply:
    """The answer to OPTIONS; for everything else NotFound, or MethodNotAllowed with what is."""
    if request.method == "OPTIONS":
        return Reply(status=204, headers=origins.preflight(request.headers, portal_origins))
    path = "/" + request.route.get("path", "").strip("/")
    methods = {operation.method for operation in operations if _matches(operation, path)}
    if methods:
        raise MethodNotAllowed(sorted({*methods, "OPTIONS"}))
    raise NotFound("pathUnknown", "There is nothing at this path. The operations are listed at /api/docs.")


def _matches(operation: Operation, path: str) -> bool:
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))
    return re.fullmatch(pattern, path, re.IGNORECASE) is not None
