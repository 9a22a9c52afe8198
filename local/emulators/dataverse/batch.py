"""$batch: the multipart body taken apart, run in order, and the answers put together again."""

import re
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from local.emulators.dataverse import errors
from local.emulators.dataverse.addresses import split_root
from local.emulators.dataverse.exchange import Call, Reply
from local.emulators.dataverse.odata.preferences import read_preferences
from local.emulators.dataverse.router import refusal, route
from local.emulators.dataverse.scope import Scope

MOST_REQUESTS: Final = 1000  # "Execute batch operations using the Web API"
LONGEST_URL: Final = 65_536  # the same page
BOUNDARY: Final = re.compile(r'boundary\s*=\s*"?([^";,\s]+)"?', re.IGNORECASE)
REQUEST_LINE: Final = re.compile(rb"([A-Z]+) +(\S.*?) +HTTP/1\.[01]")
REFERENCE: Final = re.compile(r"^/?\$([^/?]+)")
BODY_REFERENCE: Final = re.compile(rb'(@odata\.(?:bind|id)"\s*:\s*")/?(\$[^"/]+)"')
REASONS: Final = {
    200: "OK",
    201: "Created",
    204: "No Content",
    304: "Not Modified",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    412: "Precondition Failed",
    500: "Internal Server Error",
    501: "Not Implemented",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One operation with its Content-ID, empty where it has none."""

    call: Call
    content_id: str


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Operations that succeed or fail together."""

    parts: tuple[Part, ...]


def answer_batch(scope: Scope, call: Call) -> Reply:
    """The answer to a POST of $batch."""
    if b"\r\n" not in call.body:
        raise errors.stream_not_readable()
    items = _read(call)
    keep_going = scope.preferences.continue_on_error
    boundary = f"batchresponse_{uuid4()}"
    answers: list[bytes] = []
    records = 0
    status = 200
    for item in items:
        failed, content, number = _run(scope, item)
        answers.append(content)
        records += number
        if failed and not keep_going:
            status = failed
            break
    body = b"".join(b"--%s\r\n%s" % (boundary.encode(), one) for one in answers)
    body += b"--%s--\r\n" % boundary.encode()
    return Reply(status, {"Content-Type": f"multipart/mixed; boundary={boundary}"}, body, records)


def _run(scope: Scope, item: Part | ChangeSet) -> tuple[int, bytes, int]:
    """The status of a failure or 0, the part of the answer, the number of rows."""
    if isinstance(item, ChangeSet):
        return _run_change_set(scope, item)
    reply = _answer(scope, item.call)
    failed = reply.status if reply.status >= 400 else 0
    return failed, _write_part(reply, item.content_id), reply.records


def _run_change_set(scope: Scope, changes: ChangeSet) -> tuple[int, bytes, int]:
    """One part for each operation, or a single one with the error that undid them all."""
    addresses: dict[str, str] = {}
    boundary = f"changesetresponse_{uuid4()}"
    written: list[bytes] = []
    records = 0
    try:
        with scope.organization.store.transaction():
            for part in changes.parts:
                reply = _scoped_route(scope, _with_references(part.call, addresses))
                records += reply.records
                if part.content_id and "OData-EntityId" in reply.headers:
                    addresses[part.content_id] = reply.headers["OData-EntityId"]
                written.append(b"--%s\r\n%s" % (boundary.encode(), _write_part(reply, part.content_id)))
    except errors.DataverseError as error:
        return error.status, _write_part(refusal(error), ""), 0
    head = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n" % boundary.encode()
    return 0, head + b"".join(written) + b"--%s--\r\n" % boundary.encode(), records


def _answer(scope: Scope, call: Call) -> Reply:
    try:
        return _scoped_route(scope, call)
    except errors.DataverseError as error:
        return refusal(error)


def _scoped_route(scope: Scope, call: Call) -> Reply:
    inner = replace(scope, headers=call.headers, preferences=read_preferences(call.headers))
    return route(inner, call)


def _with_references(call: Call, addresses: dict[str, str]) -> Call:
    """The call with `$1` in its address and its body replaced by the address of what that operation made."""

    def known(reference: str) -> str:
        found = addresses.get(reference.removeprefix("$"))
        if found is None:
            raise errors.content_id_unknown(reference)
        return found

    path = call.path
    match = REFERENCE.match(path)
    if match and match[1] not in {"metadata", "batch"}:
        path = split_root(known("$" + match[1]))[1] + path[match.end() :]
    body = BODY_REFERENCE.sub(lambda found: found[1] + known(found[2].decode()).encode() + b'"', call.body)
    return replace(call, path=path, body=body)


# Reading.


def _read(call: Call) -> list[Part | ChangeSet]:
    found: list[Part | ChangeSet] = []
    number = 0
    for head, body in _split(call.body, _boundary(call.headers.get("content-type", ""))):
        kind = head.get("content-type", "")
        if kind.startswith("multipart/mixed"):
            inner = [_part(call, *one) for one in _split(body, _boundary(kind))]
            if any(part.call.method == "GET" for part in inner):
                raise errors.DataverseError(400, "0x80060888", "GET is not allowed in a change set.")
            found.append(ChangeSet(tuple(inner)))
            number += len(inner)
        else:
            found.append(_part(call, head, body))
            number += 1
    if number > MOST_REQUESTS:
        message = f"The batch request has {number} operations; {MOST_REQUESTS} is the most."
        raise errors.DataverseError(400, "0x80060888", message)
    return found


def _boundary(content_type: str) -> str:
    found = BOUNDARY.search(content_type)
    if found is None:
        raise errors.DataverseError(
            400,
            "0x80060888",
            f"The content type '{content_type}' of a batch must be multipart/mixed with a boundary.",
        )
    return found[1]


def _split(body: bytes, boundary: str) -> list[tuple[dict[str, str], bytes]]:
    """The parts between the boundaries as headers and content."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise errors.stream_not_readable()
    found = []
    for piece in pieces[1:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        found.append((_headers(head), content))
    return found


def _headers(head: bytes) -> dict[str, str]:
    found = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _part(outer: Call, head: dict[str, str], content: bytes) -> Part:
    line, _, rest = content.lstrip(b"\r\n").partition(b"\r\n")
    request = REQUEST_LINE.fullmatch(line.strip())
    if request is None:
        raise errors.stream_not_readable()
    inner_head, _, body = (b"\r\n" + rest).partition(b"\r\n\r\n")
    address = request[2].decode("utf-8", "replace")
    if len(address) > LONGEST_URL:
        raise errors.url_too_long(LONGEST_URL)
    version, below = split_root(address)
    path, _, query = below.partition("?")
    if path.strip("/") == "$batch":
        raise errors.DataverseError(400, "0x80060888", "A batch cannot contain another batch.")
    call = Call(
        method=request[1].decode(),
        path=path,
        query=query,
        headers=_headers(inner_head),
        body=body.strip(b"\r\n"),
        version=version or outer.version,
        in_batch=True,
    )
    return Part(call, head.get("content-id") or call.headers.get("content-id", ""))


# Writing.


def _write_part(reply: Reply, content_id: str) -> bytes:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id:
        lines.append(f"Content-ID: {content_id}")
    lines += ["", f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Error')}"]
    if reply.status >= 400:
        lines.append(f"REQ_ID: {uuid4()}")
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    lines += ["OData-Version: 4.0", "", ""]
    return "\r\n".join(lines).encode() + reply.body + b"\r\n"
