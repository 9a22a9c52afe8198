"""What a request acts upon and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from local.emulators.dataverse import errors
from local.emulators.dataverse.addresses import key_values, segments, split_root, unquote_literal
from local.emulators.dataverse.annotations import Annotator
from local.emulators.dataverse.conditions.surroundings import Surroundings
from local.emulators.dataverse.model import Kind, TableModel
from local.emulators.dataverse.odata.preferences import Preferences
from local.emulators.dataverse.organization import Organization, TableKit
from local.emulators.dataverse.privileges import Right, require
from local.emulators.dataverse.store_rows import Rows
from local.emulators.dataverse.values import fold
from local.emulators.dataverse.world import Member


@dataclass(frozen=True, slots=True)
class Scope:
    """One caller in one organization with the wishes of one request."""

    organization: Organization
    caller: Member
    root: str  # https://contoso.crm4.dynamics.com/api/data/v9.2
    preferences: Preferences
    headers: Mapping[str, str]
    real_caller: Member | None = None  # who acts for `caller`, where the request impersonates

    def kit(self, entity_set: str) -> TableKit:
        """The table behind an entity set."""
        kit = self.organization.by_set.get(entity_set)
        if kit is None:
            raise errors.segment_not_found(entity_set)
        return kit

    def require(self, right: Right, kit: TableKit) -> None:
        """Refuses what the caller's roles, or those of who acts for them, do not allow."""
        require(self.caller, right, kit.table, self.organization.seed)
        if self.real_caller:
            require(self.real_caller, right, kit.table, self.organization.seed)

    def surroundings(self) -> Surroundings:
        """What a query's conditions are to know beside their table."""
        organization = self.organization
        return Surroundings(
            self._model_of,
            organization.collections,
            organization.clock.now().astimezone(self.zone),
            self.caller.id,
            organization.business_unit,
        )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the organization's users."""
        return ZoneInfo(self.organization.settings.time_zone)

    def annotator(self, kit: TableKit) -> Annotator | None:
        """What adds the wished annotations; None where nothing is wished."""
        found = self.annotator_of(kit.model)
        return found if found.active else None

    def annotator_of(self, model: TableModel) -> Annotator:
        """What adds the wished annotations to single values."""
        return Annotator(model, self.preferences, self._rows_of, self.zone)

    def row_id(self, kit: TableKit, key: str) -> str:
        """The primary key of the row that a key names, whether or not the row exists for a primary key."""
        literals = key_values(kit.model, key)
        if list(literals) == [kit.table.primary_id]:
            return primary_key(kit.model, literals[kit.table.primary_id])
        found = kit.rows.find({name: stored for name, (stored, _) in self.key(kit, literals).items()})
        if found is None:
            raise errors.row_missing_by_key(kit.model.name)
        return found

    def key(self, kit: TableKit, literals: Mapping[str, str]) -> dict[str, tuple[str | float, str | float]]:
        """An alternate key's values by column: as compared, and as given."""
        names = {
            name.removeprefix("_").removesuffix("_value") if name.startswith("_") else name
            for name in literals
        }
        if not any(names == set(columns) for _, columns in kit.table.keys):
            raise errors.key_not_defined(kit.model.name)
        found: dict[str, tuple[str | float, str | float]] = {}
        for name, literal in literals.items():
            prop = kit.model.by_column(name)
            if prop is None:
                raise errors.unknown_property(name, kit.model.name)
            text = unquote_literal(literal)
            given = float(text) if prop.kind is Kind.NUMBER else text
            given = int(given) if isinstance(given, float) and given.is_integer() else given
            compared = fold(text) or "" if prop.kind is Kind.TEXT else given
            found[prop.column.name] = (compared, given)
        return found

    def resolve(self, target: str, address: str) -> tuple[str, str]:
        """The table and primary key behind an address in @odata.bind; refuses one without a row."""
        _, rest = split_root(address)
        steps = segments(rest)
        if len(steps) != 1 or steps[0].key is None:
            raise errors.payload_refused(address, "Microsoft.OData.ODataException: Invalid resource path.")
        kit = self.kit(steps[0].name)
        if kit.model.name != target and not (target == "owner" and kit.model.name in {"systemuser", "team"}):
            raise errors.payload_refused(
                steps[0].name,
                f"Microsoft.OData.ODataException: '{address}' does not point at a row of '{target}'.",
            )
        row_id = self.row_id(kit, steps[0].key)
        if not kit.rows.exists(row_id):
            raise errors.row_missing(kit.model.name, row_id)
        return kit.model.name, row_id

    def _model_of(self, table: str) -> TableModel | None:
        kit = self.organization.kit(table)
        return kit.model if kit else None

    def _rows_of(self, table: str) -> Rows | None:
        kit = self.organization.kit(table)
        return kit.rows if kit else None


def primary_key(model: TableModel, literal: str) -> str:
    """A primary key as kept; refuses what is no GUID."""
    text = unquote_literal(literal).strip("{}").lower()
    if len(text) != 36:
        raise errors.key_not_defined(model.name)
    return text
