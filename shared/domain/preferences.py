"""What the administrators of a tenant decided about every export."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from shared.domain.ids import ObjectType


class ExportObjects(StrEnum):
    """Which objects the tenant's users may export."""

    ACCOUNTS_AND_LEADS = "accountsAndLeads"
    LEADS_ONLY = "leadsOnly"


class ConnectionMode(StrEnum):
    """As whom exports are written."""

    SERVICE_ACCOUNT = "serviceAccount"
    INDIVIDUAL = "individual"


class MatchRule(StrEnum):
    """How an existing Dynamics record is recognized, after the id that this service gave it."""

    EMAIL = "email"
    NAME_AND_COMPANY = "nameAndCompany"
    WEBSITE = "website"
    NAME = "name"

    __hash__ = str.__hash__  # an Enum's own is Python, and each record's keys are found by it


class OnSeveralMatches(StrEnum):
    """What becomes of a record that several existing records match. `ASK`: it waits until a person picks."""

    SKIP = "skip"
    ASK = "ask"
    UPDATE_OLDEST = "updateOldest"
    UPDATE_NEWEST = "updateNewest"


class OnReadOnlyMatch(StrEnum):
    """What becomes of a record whose match is read-only: a qualified lead, an inactive account."""

    SKIP = "skip"
    CREATE_NEW = "createNew"


class OnMatch(StrEnum):
    """What one export does with records that Dynamics has already."""

    UPDATE = "update"
    SKIP = "skip"
    CREATE_ANYWAY = "createAnyway"


class LinkAccount(StrEnum):
    """Whether leads are bound to the account of their company. `CREATE`: one is made where there is none."""

    OFF = "off"
    LINK = "link"
    CREATE = "create"


RULES_OF = {
    ObjectType.LEAD: (MatchRule.EMAIL, MatchRule.NAME_AND_COMPANY),
    ObjectType.ACCOUNT: (MatchRule.WEBSITE, MatchRule.NAME),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPreferences:
    """The decisions about one object. `max_records_per_export` None means no limit of the tenant's own.

    `link_account` is for leads alone.
    """

    create_new: bool = True
    update_existing: bool = True
    allow_duplicates: bool = False
    max_records_per_export: int | None = None
    match_rules: tuple[MatchRule, ...]
    on_several_matches: OnSeveralMatches = OnSeveralMatches.SKIP
    on_read_only_match: OnReadOnlyMatch = OnReadOnlyMatch.SKIP
    link_account: LinkAccount = LinkAccount.OFF


def matched(decided: ObjectPreferences, on_match: OnMatch) -> ObjectPreferences:
    """The decisions as one export narrows them: what becomes of records that Dynamics has already."""
    match on_match:
        case OnMatch.UPDATE:
            return replace(decided, allow_duplicates=False)
        case OnMatch.SKIP:
            return replace(decided, allow_duplicates=False, update_existing=False)
        case OnMatch.CREATE_ANYWAY:
            return replace(decided, allow_duplicates=True)


def _default(object_type: ObjectType) -> ObjectPreferences:
    return ObjectPreferences(match_rules=RULES_OF[object_type])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPreferences:
    """The decisions about exports, for everybody in the tenant."""

    export_objects: ExportObjects = ExportObjects.ACCOUNTS_AND_LEADS
    connection: ConnectionMode = ConnectionMode.SERVICE_ACCOUNT
    account: ObjectPreferences = field(default_factory=lambda: _default(ObjectType.ACCOUNT))
    lead: ObjectPreferences = field(default_factory=lambda: _default(ObjectType.LEAD))

    def of(self, object_type: ObjectType) -> ObjectPreferences:
        return self.lead if object_type is ObjectType.LEAD else self.account

    def allows(self, object_type: ObjectType) -> bool:
        return object_type is ObjectType.LEAD or self.export_objects is ExportObjects.ACCOUNTS_AND_LEADS
