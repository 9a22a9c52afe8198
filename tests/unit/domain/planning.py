"""Plans chunks against an organization that is a dict of rows, and carries the plans out on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shared.domain.compiled import CompiledMapping
from shared.domain.ids import ObjectType
from shared.domain.matching import Candidates, Chosen, ExistingRecord, identify
from shared.domain.plan import Create, PlannedRecord, PlanRules, RecordPlan, Update, plan_chunk
from shared.domain.preferences import ObjectPreferences
from shared.domain.records import InputRecord, VendorRecord
from tests.builders import TENANT, existing, preferences


@dataclass
class Organization:
    """The rows of one Dynamics table, by id."""

    object_type: ObjectType
    mapping: CompiledMapping
    preferences: ObjectPreferences | None = None
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    read_only: frozenset[str] = frozenset()
    choices: dict[int, Chosen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {row_id: dict(values) for row_id, values in self.rows.items()}

    def plan(self, *records: InputRecord) -> list[PlannedRecord]:
        decided = self.preferences or preferences(self.object_type)
        identities = {
            each.position: identify(each, TENANT, self.object_type, decided.match_rules)
            for each in records
            if isinstance(each, VendorRecord)
        }
        for position, chosen in self.choices.items():
            identities[position] = replace(identities[position], chosen=chosen)
        rules = PlanRules(self.object_type, self.mapping, decided)
        return plan_chunk(records, identities, Candidates(self._found(), decided.match_rules), rules)

    def plans(self, *records: InputRecord) -> list[RecordPlan]:
        return [planned.plan for planned in self.plan(*records)]

    def export(self, *records: InputRecord) -> list[PlannedRecord]:
        """Plans the records and writes what was planned."""
        planned = self.plan(*records)
        self.write(planned)
        return planned

    def write(self, planned: Sequence[PlannedRecord]) -> None:
        for each in planned:
            match each.plan:
                case Create(row_id, values):
                    assert row_id not in self.rows, "a record was created twice"
                    self.rows[row_id] = dict(values)
                case Update(row_id, _, values):
                    self.rows[row_id] |= values
                case _:
                    pass

    def _found(self) -> list[ExistingRecord]:
        return [
            existing(row_id, read_only=row_id in self.read_only, **values)
            for row_id, values in self.rows.items()
        ]
