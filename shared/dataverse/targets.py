"""Reads the tables that lookups point at: where their records are, and by which columns they are found."""

import re
from collections.abc import Iterable, Sequence

from shared.dataverse import messages
from shared.dataverse.attributes import columns_of, label_of
from shared.dataverse.client import DataverseClient, DataverseResponse
from shared.domain.compiled.lookups import LookupTarget, TargetColumn
from shared.domain.errors import NeedsUser, RecordRejected, ServiceError
from shared.domain.fields import Column
from shared.domain.mapping import LookupRule

_STATE = "statecode"
_LOGICAL_NAME = re.compile("[a-z][a-z0-9_]{0,127}")


def read_targets(client: DataverseClient, rules: Iterable[LookupRule]) -> dict[str, LookupTarget]:
    """The tables of these rules with the columns that they name, in one request; none without rules.

    What is no logical name, or no table of the organization, is absent.
    """
    wanted: dict[str, dict[str, None]] = {}
    for rule in rules:
        if _LOGICAL_NAME.fullmatch(rule.table) and _LOGICAL_NAME.fullmatch(rule.column):
            wanted.setdefault(rule.table, {_STATE: None})[rule.column] = None
    asked = [
        request for table, columns in wanted.items() for request in messages.retrieve_target(table, columns)
    ]
    answers = client.batch(asked) if asked else []
    found = (
        _target(definition, texts) for definition, texts in zip(answers[::2], answers[1::2], strict=True)
    )
    return {target.table: target for target in found if target is not None}


def _target(
    definition: DataverseResponse | ServiceError, texts: DataverseResponse | ServiceError
) -> LookupTarget | None:
    if isinstance(definition, (RecordRejected, NeedsUser)):
        return None
    if isinstance(definition, ServiceError):
        raise definition
    if isinstance(texts, ServiceError):
        raise texts
    read = definition.json()
    columns = list(columns_of(read["Attributes"], [texts.json()["value"]]))
    return LookupTarget(
        table=read["LogicalName"],
        label=label_of(read.get("DisplayName")) or read["LogicalName"],
        entity_set=read["EntitySetName"],
        primary_id=read["PrimaryIdAttribute"],
        columns=_by_name(columns),
        has_state=any(column.name == _STATE for column in columns),
    )


def _by_name(columns: Sequence[Column]) -> dict[str, TargetColumn]:
    return {
        column.name: TargetColumn(column.type, column.label, is_url=column.format == "Url")
        for column in columns
    }
