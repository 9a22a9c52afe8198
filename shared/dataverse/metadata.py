"""Reads what one table of an organization is, as the organization itself describes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.dataverse import messages, refusals
from shared.dataverse.attributes import columns_of
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.dataverse.errors import raised
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError
from shared.domain.fields import Column, ColumnCatalog, ColumnType, Option, RequiredLevel

FORMAT = 2
_NO_SUCH_TABLE = frozenset({refusals.NOT_FOUND.code, refusals.QUERY_REFUSED.code})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMetadata:
    """One table as it was at `read_at`. `bulk_*`: whether it has CreateMultiple and UpdateMultiple."""

    table: str
    entity_set: str
    primary_id: str
    bulk_create: bool
    bulk_update: bool
    columns: ColumnCatalog
    read_at: datetime


def read_table(client: DataverseClient, table: str) -> TableMetadata:
    """The table, in one request. NeedsUser where the organization does not have it."""
    answers = client.batch(messages.retrieve_columns(table))
    definition, attributes, *casts, relationships = answers[:-2]
    read = _definition(definition)
    parts = [_value(answer) for answer in casts]
    return TableMetadata(
        table=read["LogicalName"],
        entity_set=read["EntitySetName"],
        primary_id=read["PrimaryIdAttribute"],
        bulk_create=_has_rows(answers[-2]),
        bulk_update=_has_rows(answers[-1]),
        columns=ColumnCatalog(columns_of(_value(attributes), parts, _value(relationships))),
        read_at=client.clock(),
    )


def to_json(metadata: TableMetadata) -> bytes:
    """The table for a cache."""
    return orjson.dumps(
        {
            "format": FORMAT,
            "table": metadata.table,
            "entitySet": metadata.entity_set,
            "primaryId": metadata.primary_id,
            "bulkCreate": metadata.bulk_create,
            "bulkUpdate": metadata.bulk_update,
            "readAt": metadata.read_at.isoformat(),
            "columns": list(metadata.columns.values()),
        }
    )


def from_json(cached: bytes) -> TableMetadata | None:
    """The table as `to_json` wrote it; None where another version of the service did: read it again."""
    content = orjson.loads(cached)
    if content["format"] != FORMAT:
        return None
    return TableMetadata(
        table=content["table"],
        entity_set=content["entitySet"],
        primary_id=content["primaryId"],
        bulk_create=content["bulkCreate"],
        bulk_update=content["bulkUpdate"],
        columns=ColumnCatalog(_column(column) for column in content["columns"]),
        read_at=datetime.fromisoformat(content["readAt"]),
    )


def _column(cached: dict[str, Any]) -> Column:
    parsed = {
        "type": ColumnType(cached["type"]),
        "required_level": RequiredLevel(cached["required_level"]),
        "options": tuple(Option(**option) for option in cached["options"]),
        "targets": tuple(cached["targets"]),
        "navigation": tuple((table, name) for table, name in cached["navigation"]),
    }
    return Column(**{**cached, **parsed})


def _definition(answer: DataverseResponse | ServiceError) -> dict[str, Any]:
    if isinstance(answer, RecordRejected) or (
        isinstance(answer, NeedsUser) and answer.code in _NO_SUCH_TABLE
    ):
        raise raised(refusals.TABLE_MISSING, detail=answer.detail)
    found: dict[str, Any] = _content(answer)
    return found


def _value(answer: DataverseResponse | ServiceError) -> Sequence[dict[str, Any]]:
    rows: Sequence[dict[str, Any]] = _content(answer)["value"]
    return rows


def _content(answer: DataverseResponse | ServiceError) -> Any:
    if isinstance(answer, ServiceError):
        raise answer
    return answer.json()


def _has_rows(answer: DataverseResponse | ServiceError) -> bool:
    """Whether the probe found its message. Who may not ask does without."""
    return not isinstance(answer, NeedsUser) and bool(_value(answer))
