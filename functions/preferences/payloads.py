"""The preferences as JSON."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.http import Payload
from shared.domain.preferences import (
    ConnectionMode,
    ExportObjects,
    ExportPreferences,
    LinkAccount,
    MatchRule,
    ObjectPreferences,
    OnReadOnlyMatch,
    OnSeveralMatches,
)

_MOST_RECORDS = 10_000_000
AccountRule = Literal[MatchRule.WEBSITE, MatchRule.NAME]
LeadRule = Literal[MatchRule.EMAIL, MatchRule.NAME_AND_COMPANY]


def _each_once(rules: tuple[MatchRule, ...]) -> tuple[MatchRule, ...]:
    if len(set(rules)) < len(rules):
        raise PydanticCustomError("rule_twice", "Name each rule once, the most important first")
    return rules


_Rules = (Field(max_length=2, description="In order of importance."), AfterValidator(_each_once))


class ObjectPreferencesPayload(Payload):
    """The decisions about one object."""

    create_new: bool = True
    update_existing: bool = True
    allow_duplicates: bool = Field(default=False, description="Whether matches are looked for at all.")
    max_records_per_export: int | None = Field(
        default=None, ge=1, le=_MOST_RECORDS, description="Null: no limit of the tenant's own."
    )
    on_several_matches: OnSeveralMatches = OnSeveralMatches.SKIP
    on_read_only_match: OnReadOnlyMatch = OnReadOnlyMatch.SKIP


class AccountPreferences(ObjectPreferencesPayload):
    """The decisions about accounts."""

    match_rules: Annotated[tuple[AccountRule, ...], *_Rules] = (MatchRule.WEBSITE, MatchRule.NAME)


class LeadPreferences(ObjectPreferencesPayload):
    """The decisions about leads."""

    match_rules: Annotated[tuple[LeadRule, ...], *_Rules] = (MatchRule.EMAIL, MatchRule.NAME_AND_COMPANY)
    link_account: LinkAccount = Field(
        default=LinkAccount.OFF, description="Whether leads are bound to the account of their company."
    )


class PreferencesPayload(Payload):
    """The decisions about exports, for everybody in the tenant. What is left out has its default."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "exportObjects": "accountsAndLeads",
                    "connection": "serviceAccount",
                    "account": {"matchRules": ["website", "name"]},
                    "lead": {"maxRecordsPerExport": 5000, "onSeveralMatches": "updateNewest"},
                },
            ],
        },
    )

    export_objects: ExportObjects = ExportObjects.ACCOUNTS_AND_LEADS
    connection: ConnectionMode = Field(
        default=ConnectionMode.SERVICE_ACCOUNT, description="As whom exports are written."
    )
    account: AccountPreferences = AccountPreferences()
    lead: LeadPreferences = LeadPreferences()

    def to_domain(self) -> ExportPreferences:
        return ExportPreferences(
            export_objects=self.export_objects,
            connection=self.connection,
            account=_to_domain(self.account),
            lead=_to_domain(self.lead),
        )

    @classmethod
    def of(cls, preferences: ExportPreferences) -> "PreferencesPayload":
        return cls(
            export_objects=preferences.export_objects,
            connection=preferences.connection,
            account=AccountPreferences.model_validate(preferences.account, from_attributes=True),
            lead=LeadPreferences.model_validate(preferences.lead, from_attributes=True),
        )


def _to_domain(payload: AccountPreferences | LeadPreferences) -> ObjectPreferences:
    return ObjectPreferences(
        create_new=payload.create_new,
        update_existing=payload.update_existing,
        allow_duplicates=payload.allow_duplicates,
        max_records_per_export=payload.max_records_per_export,
        match_rules=payload.match_rules,
        on_several_matches=payload.on_several_matches,
        on_read_only_match=payload.on_read_only_match,
        link_account=payload.link_account if isinstance(payload, LeadPreferences) else LinkAccount.OFF,
    )
