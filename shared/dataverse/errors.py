"""Turns an error answer of Dataverse into the error of ours that says who acts next."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import orjson

from shared.dataverse import refusals
from shared.dataverse.refusals import (
    BY_CODE,
    AlreadyExists,
    ChangedMeanwhile,
    RecordGone,
    Refusal,
    Uncertain,
    by_status,
)
from shared.domain.errors import RecordRejected, ServiceError, Transient

__all__ = ["AlreadyExists", "ChangedMeanwhile", "RecordGone", "Uncertain", "retry_after", "service_error"]

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 600.0

# Where Dataverse's texts name the column. Only logical names match, so that no value of a record ever does.
_NAME = r"'([a-z_][a-z0-9_]{0,127})'"
_COLUMN = re.compile(
    rf"(?:length of the|value [^']{{0,40}} of|Invalid property|The property|undeclared property"
    rf"|property named|[Aa]ttribute:?|field) {_NAME}"
)
_LIMIT = re.compile(r"maximum allowed length of '(\d+)'")
_PRIVILEGE = re.compile(r"\bprv[A-Za-z]+\w*")
_ENTITY = re.compile(r"entity '([a-z_][a-z0-9_]*)'")
_VERBS = ("AppendTo", "Append", "Create", "Read", "Write", "Delete", "Assign", "Share")
# "Troubleshoot Dataverse Web API client errors" has these under several codes, older servers under "" or 0x0.
_REFINED = frozenset({None, 0, 0x80048D19, 0x80040203, 0x80040220})
_TEXTS: tuple[tuple[int | None, str, Refusal], ...] = (
    (None, "Invalid property '", refusals.COLUMN_MISSING),
    (None, "does not exist on type '", refusals.COLUMN_MISSING),
    (None, "undeclared property '", refusals.COLUMN_MISSING),
    (None, "Could not find a property named '", refusals.QUERY_REFUSED),
    (None, "AccessCheckEx failed", refusals.NOT_ACCESSIBLE),
    (404, "Does Not Exist", refusals.GONE),
    (404, "not found for the segment", refusals.TABLE_MISSING),
    (412, "matching key values", refusals.EXISTS),
    (412, "RowVersion", refusals.CHANGED),
)


@dataclass(frozen=True, slots=True)
class _Complaint:
    """What the body of an error answer says. `shown` is the code as it was spelt."""

    code: int | None
    shown: str
    text: str


def service_error(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, request_id: str = ""
) -> ServiceError:
    """The error that an answer means. Header names are in lower case; `now` reads a Retry-After date."""
    complaint = _complaint(body)
    refusal = _refusal(status, complaint)
    detail = f"HTTP {status}, Dataverse code {complaint.shown or 'none'}, request {request_id or 'unknown'}"
    column = _found(_COLUMN, complaint.text)
    message = _sentence(refusal, complaint.text, column)
    if issubclass(refusal.kind, Transient):
        wait = retry_after(headers.get("retry-after"), now)
        return refusal.kind(refusal.code, message, retry_after=wait, detail=detail)
    if issubclass(refusal.kind, RecordRejected):
        return refusal.kind(refusal.code, message, column=column, detail=detail)
    return refusal.kind(refusal.code, message, detail=detail)


def raised(refusal: Refusal, *, detail: str) -> ServiceError:
    """The same error where there was no answer to read."""
    return refusal.kind(refusal.code, refusal.message, detail=detail)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait, between 1 and 600; None where the header is missing or cannot be read."""
    if not header:
        return None
    seconds = _seconds(header, now)
    if seconds is None:
        return None
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _seconds(header: str, now: datetime) -> float | None:
    try:
        # A proxy may have added its own: "5, 30". The longest wait is right for both.
        seconds = max(float(part) for part in header.split(","))
    except ValueError:
        return _until(header, now)
    return seconds if math.isfinite(seconds) else None


def _until(header: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return (moment - now).total_seconds()


def _complaint(body: bytes) -> _Complaint:
    try:
        error = orjson.loads(body)["error"]
        shown, text = str(error.get("code") or ""), str(error.get("message") or "")
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return _Complaint(None, "", "")
    code = _number(shown)
    return _Complaint(code, "" if code is None else shown, text)


def _number(code: str) -> int | None:
    """Hex (`0x80040237`) or decimal (`-2147220937`, as Microsoft's own .NET client has it), as unsigned."""
    try:
        return int(code, 0) & 0xFFFFFFFF
    except ValueError:
        return None


def _refusal(status: int, complaint: _Complaint) -> Refusal:
    if complaint.code in _REFINED:
        told = _by_text(status, complaint.text)
        if told is not None:
            return told
    return BY_CODE.get(complaint.code or 0) or by_status(status)


def _by_text(status: int, text: str) -> Refusal | None:
    return next((refusal for only, told, refusal in _TEXTS if only in {None, status} and told in text), None)


def _sentence(refusal: Refusal, text: str, column: str | None) -> str:
    limit = _found(_LIMIT, text)
    named = f"column “{column}”" if column else "a column"
    if refusal.message.startswith("{column}"):
        named = named[0].upper() + named[1:]
    return refusal.message.format(
        column=named,
        limit=f" ({limit} characters)" if limit else "",
        privilege=_privilege(text),
    )


def _privilege(text: str) -> str:
    """`privilege prvCreateLead on table lead`, as far as the text names them."""
    found = _PRIVILEGE.search(text)
    if found is None:
        return "a privilege"
    name = found.group()
    table = _found(_ENTITY, text) or _table_of(name)
    return f"privilege {name} on table {table}" if table else f"privilege {name}"


def _table_of(privilege: str) -> str:
    words = privilege.removeprefix("prv")
    verb = next((verb for verb in _VERBS if words.startswith(verb)), "")
    return words.removeprefix(verb).lower() if verb else ""


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match.group(1) if match else None
