"""An organization of Dynamics that answers each request as a test says, without a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

import orjson

from functions.export.prepared import PreparedExport
from shared.dataverse.client import DataverseResponse
from shared.dataverse.messages import DataverseRequest
from shared.dataverse.metadata import TableMetadata
from shared.dataverse.traffic import Allowance
from shared.domain.errors import ServiceError
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType
from shared.domain.mapping import MappingRow
from shared.domain.organization import OrganizationUrl, parse_organization_url
from shared.domain.plan import PlanRules
from tests.builders import compiled, preferences, standard

CONTOSO = parse_organization_url("https://contoso.crm4.dynamics.com")
Answered = DataverseResponse | ServiceError


def told(content: Any = None, **headers: str) -> DataverseResponse:
    """What Dynamics says where it does what was asked."""
    return DataverseResponse(200, headers, b"" if content is None else orjson.dumps(content))


@dataclass
class ScriptedDynamics:
    """Stands where the client of an organization would; keeps what it was asked."""

    answer: Callable[[DataverseRequest], Answered] = lambda _: told({"value": []})
    asked: list[DataverseRequest] = field(default_factory=list)
    allowance: Allowance = field(default_factory=Allowance)
    spare: int = 0
    organization: OrganizationUrl = CONTOSO

    def batch(self, parts: Sequence[DataverseRequest]) -> list[Answered]:
        self.asked += parts
        return [self.answer(part) for part in parts]

    def send(self, request: DataverseRequest) -> DataverseResponse:
        (answer,) = self.batch([request])
        if isinstance(answer, ServiceError):
            raise answer
        return answer

    @property
    def paths(self) -> list[str]:
        return [unquote_plus(request.path) for request in self.asked]

    def prepared(
        self, *rows: MappingRow, columns: ColumnCatalog | None = None, **more: Any
    ) -> PreparedExport:
        """An export of leads to this organization."""
        known = standard(ObjectType.LEAD) if columns is None else columns
        rules = PlanRules(ObjectType.LEAD, compiled(known, *rows), preferences())
        client: Any = self
        return PreparedExport(client, lead_table(known), rules, **more)


def lead_table(columns: ColumnCatalog) -> TableMetadata:
    return TableMetadata(
        table="lead",
        entity_set="leads",
        primary_id="leadid",
        bulk_create=True,
        bulk_update=True,
        columns=columns,
        read_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
