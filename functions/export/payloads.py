"""Exports, their records and their outcomes as JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, Self

import orjson
from pydantic import ConfigDict, Field, model_validator

from functions.export.history import Seen
from functions.export.orders import Order
from functions.export.reading import CSV, NDJSON
from functions.export.service import Upload
from functions.http import Payload, Request
from shared.domain.errors import InvalidRequest, Problem
from shared.domain.exports import Counts, ExportState, Outcome, OutcomeKind
from shared.domain.following import Waiting, WaitsFor
from shared.domain.ids import ExportId, ObjectType, UserId, is_export_id
from shared.domain.match_decisions import Match
from shared.domain.preferences import OnMatch
from shared.storage.exports import Wanted

MOST_JSON_RECORDS = 10_000


class ExportRequest(Payload):
    """What to export: the records themselves, or the id of an upload that has them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "object": "lead",
                    "records": [
                        {
                            "id": 1000000001,
                            "firstName": "Ada",
                            "lastName": "Ngata",
                            "email": "ada.ngata@contoso.example",
                            "companyName": "Contoso Ltd",
                            "directPhone": "(425) 555-0142",
                        },
                    ],
                },
            ],
        },
    )

    object: ObjectType = Field(strict=False)
    records: list[Any] | None = Field(
        default=None,
        max_length=MOST_JSON_RECORDS,
        description="Vendor records. Send more as NDJSON or CSV.",
    )
    upload: str | None = Field(default=None, description="The id that POST /exports/uploads gave.")
    media_type: Literal["application/x-ndjson", "text/csv"] = Field(
        default="application/x-ndjson",
        description="What was uploaded.",
    )
    dry_run: bool = Field(default=False, description="Everything but the writing.")
    matches: OnMatch | None = Field(
        default=None,
        strict=False,
        description="What becomes of records that Dynamics has already, in this export alone. "
        "Null: as the preferences say.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.records is None) == (self.upload is None):
            raise ValueError("give either “records” or “upload”")
        if self.upload is not None and not is_export_id(self.upload):
            raise ValueError("“upload” has to be an id that POST /exports/uploads gave")
        return self

    def to_order(self, idempotency_key: str | None, *, again: bool = False) -> Order:
        """The order; its records as lines of JSON, as every input is kept. InvalidRequest without any."""
        if self.records is not None and not self.records:
            raise InvalidRequest("noRecords", "The input has no records. Send at least one.")
        lines = b"\n".join(_line(record) for record in self.records or ())
        return Order(
            object_type=self.object,
            media_type=NDJSON if self.upload is None else self.media_type,
            content=lines,
            upload=None if self.upload is None else ExportId(self.upload),
            dry_run=self.dry_run,
            matches=self.matches,
            idempotency_key=idempotency_key,
            again=again,
        )


def _line(record: Any) -> bytes:
    """One record as a line of JSON, the same one for the same record in whatever order its fields came.

    orjson has no integers beyond 64 bits; the standard library does.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, sort_keys=True)
        return text.encode("utf-8", "replace")


def order_of_file(request: Request[Any], key: str | None) -> Order:
    """The order of a request whose body is a file; InvalidRequest when it does not say of what."""
    query, content = request.query, request.raw
    if "object" not in query:
        raise InvalidRequest(
            "objectMissing",
            "Say what the records are: add ?object=lead or ?object=account to the address.",
        )
    if not content.strip():
        raise InvalidRequest("noRecords", "The file is empty. Send at least one record.")
    return Order(
        object_type=ObjectType(query["object"]),
        media_type=CSV if request.media_type == CSV else NDJSON,
        content=content,
        gzip=request.is_gzip,
        dry_run=query.get("dryRun") == "true",
        matches=OnMatch(query["matches"]) if "matches" in query else None,
        again=query.get("again") == "true",
        idempotency_key=key,
    )


def wanted_exports(query: Mapping[str, str]) -> Wanted:
    """Which exports a list is to have; InvalidRequest where the moment is none."""
    since = query.get("since")
    return Wanted(
        user=UserId(query["requestedBy"]) if query.get("requestedBy") else None,
        state=ExportState(query["state"]) if "state" in query else None,
        object_type=ObjectType(query["object"]) if "object" in query else None,
        since=None if since is None else _moment(since),
    )


def _moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset it is in UTC. A + that came unencoded is a blank by now."""
    try:
        given = datetime.fromisoformat(text.strip().replace(" ", "+"))
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = "“since” has to be a moment such as 2026-01-31T08:00:00Z."
        problem = Problem(code="parameterInvalid", message=message, path="?since")
        raise InvalidRequest("parameterInvalid", message, problems=[problem]) from error


class UndoRequest(Payload):
    """How an export is to be undone."""

    dry_run: bool = Field(default=False, description="Tells what would become of each record.")


class CountsPayload(Payload):
    """Records by outcome. `total` is known once the input has been read."""

    total: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int

    @classmethod
    def of(cls, total: int, counts: Counts) -> "CountsPayload":
        return cls(total=total, **{kind.value: getattr(counts, kind.value) for kind in OutcomeKind})


class WarningPayload(Payload):
    """A row of the mapping that the organization no longer fits: it was left out of the export."""

    row: int | None
    column: str | None
    code: str
    message: str

    @classmethod
    def of(cls, warning: Problem) -> "WarningPayload":
        return cls(row=warning.row, column=warning.column, code=warning.code, message=warning.message)


class WaitingPayload(Payload):
    """What an export waits for."""

    what: WaitsFor
    why: str = Field(description="The reason, and what to do.")
    until: datetime | None = Field(description="It goes on by itself then.")

    @classmethod
    def of(cls, waiting: Waiting) -> "WaitingPayload":
        return cls(what=waiting.what, why=waiting.why, until=waiting.until)


class ExportPayload(Payload):
    """One export as it stands now."""

    id: str
    object: ObjectType
    state: ExportState
    dry_run: bool
    requested_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    mapping_version: int = Field(description="0 is the default mapping.")
    retry_of: str | None
    undo_of: str | None = Field(description="It takes back what that export changed.")
    undone_by: str | None = Field(description="The latest undo of this export.")
    progress: float = Field(ge=0, le=1)
    paused: bool = Field(description="Held up by a person, until a person resumes it.")
    waiting_for: WaitingPayload | None = Field(description="null where it is at work, or has ended.")
    records_per_second: float | None = Field(description="Since it began, or last went on after a pause.")
    seconds_left: float | None = Field(description="At that speed; null where it cannot be told.")
    throttled_until: datetime | None = Field(description="Dynamics asked to be left alone until then.")
    problem: str | None = Field(description="Why it waits or ended, and what to do.")
    contents_deleted: bool = Field(description="Its records are no longer stored; the summary stays.")
    warnings: list[WarningPayload] = Field(description="Rows of the mapping that were left out, and why.")
    counts: CountsPayload

    @classmethod
    def of(cls, seen: Seen) -> "ExportPayload":
        export = seen.export
        return cls(
            id=export.id,
            object=export.object_type,
            state=export.state,
            dry_run=export.dry_run,
            requested_by=export.requested_by,
            created_at=export.created_at,
            started_at=export.started_at,
            ended_at=export.ended_at,
            mapping_version=export.mapping_version,
            retry_of=export.retry_of,
            undo_of=export.undo_of,
            undone_by=export.undone_by,
            progress=export.progress,
            paused=export.paused,
            waiting_for=None if seen.waiting is None else WaitingPayload.of(seen.waiting),
            records_per_second=seen.speed.records_per_second,
            seconds_left=seen.speed.seconds_left,
            throttled_until=seen.throttled_until,
            problem=export.problem,
            warnings=[WarningPayload.of(warning) for warning in export.warnings],
            contents_deleted=export.contents_deleted,
            counts=CountsPayload.of(export.total, export.counts),
        )


class MatchPayload(Payload):
    """How it was decided which record of Dynamics a vendor record is."""

    rule: str = Field(description="`vendorId`, one of the match rules, or `choice`.")
    candidates: list[str] = Field(description="The records that the rule found, oldest first.")
    chosen: str | None = Field(description="Null: none of them was written to.")
    why: str

    @classmethod
    def of(cls, match: Match) -> "MatchPayload":
        return cls(rule=match.rule, candidates=list(match.candidates), chosen=match.chosen, why=match.why)


class RecordPayload(Payload):
    """What became of one record, and why. `position` counts the records of the input from 1."""

    position: int
    vendor_id: str | None
    outcome: OutcomeKind
    dynamics_id: str | None
    code: str | None
    reason: str | None
    column: str | None = Field(description="The Dynamics column to blame.")
    match: MatchPayload | None = Field(description="Null where nothing in Dynamics was taken for it.")

    @classmethod
    def of(cls, outcome: Outcome) -> "RecordPayload":
        return cls(
            position=outcome.position,
            vendor_id=outcome.vendor_id,
            outcome=outcome.kind,
            dynamics_id=outcome.dynamics_id,
            code=outcome.code,
            reason=outcome.reason,
            column=outcome.column,
            match=None if outcome.match is None else MatchPayload.of(outcome.match),
        )


class UploadPayload(Payload):
    """PUT the file there, gzip or not, with `x-ms-blob-type: BlockBlob`; then POST /exports with the id."""

    upload: str
    url: str
    expires_at: datetime

    @classmethod
    def of(cls, upload: Upload) -> "UploadPayload":
        return cls(upload=upload.id, url=upload.url, expires_at=upload.expires_at)
