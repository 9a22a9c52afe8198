"""What an export is started with: the tenant's decisions of this moment, refused where they forbid it."""

from functions.identity import Caller
from functions.tenants import Tenants
from shared.domain.errors import Forbidden
from shared.domain.export_settings import AccountSettings, ExportSettings
from shared.domain.exports import Export
from shared.domain.ids import ObjectType
from shared.domain.preferences import ExportPreferences, LinkAccount, ObjectPreferences, OnMatch, matched

Decided = tuple[ExportSettings, int]
"""The settings, and the version of the mapping."""


def decide(
    tenants: Tenants, caller: Caller, object_type: ObjectType, on_match: OnMatch | None = None
) -> Decided:
    """For an export of vendor records. `on_match`: what it does with matches, None as the preferences say."""
    tenants.check_access(caller)
    preferences = tenants.preferences(caller.tenant)
    if not preferences.allows(object_type):
        raise Forbidden("leadsOnly", "Your administrator allows the export of leads only, not of accounts.")
    tenants.check_connected(caller, preferences.connection)
    mapping = tenants.mapping(caller, object_type, preferences.connection)
    decided = preferences.of(object_type)
    settings = ExportSettings(
        mapping.rows,
        decided if on_match is None else _overridden(decided, on_match),
        preferences.connection,
        caller.email,
        on_match=on_match,
        accounts=_accounts(tenants, caller, preferences, object_type),
    )
    return settings, mapping.version


def _accounts(
    tenants: Tenants, caller: Caller, preferences: ExportPreferences, object_type: ObjectType
) -> AccountSettings | None:
    """By what accounts of leads' companies are made; None where none are wanted or allowed."""
    wanted = preferences.of(object_type).link_account is LinkAccount.CREATE
    if object_type is not ObjectType.LEAD or not wanted or not preferences.allows(ObjectType.ACCOUNT):
        return None
    mapping = tenants.mapping(caller, ObjectType.ACCOUNT, preferences.connection)
    return AccountSettings(mapping.rows, preferences.account)


def _overridden(decided: ObjectPreferences, on_match: OnMatch) -> ObjectPreferences:
    """A user may do less with matches than an administrator allows, and not what is switched off."""
    if on_match is OnMatch.UPDATE and not decided.update_existing:
        raise Forbidden(
            "updatesNotAllowed",
            "Your administrator has switched updates off. Export with “matches”: “skip”, or ask them.",
        )
    if on_match is OnMatch.CREATE_ANYWAY and not decided.create_new:
        raise Forbidden(
            "creationNotAllowed",
            "Your administrator has switched the creation of records off. Leave “matches” out, or ask them.",
        )
    return matched(decided, on_match)


def decide_undo(tenants: Tenants, caller: Caller, source: Export) -> Decided:
    """For an undo: it maps nothing, and nobody has to be allowed what was exported before."""
    tenants.check_access(caller)
    mode = tenants.preferences(caller.tenant).connection
    tenants.check_connected(caller, mode)
    return ExportSettings((), ExportPreferences().of(source.object_type), mode), source.mapping_version


def decide_again(
    tenants: Tenants, caller: Caller, source: Export, on_match: OnMatch | None = None
) -> Decided:
    """For what failed in an earlier export, which may have been an undo."""
    if source.undo_of is not None:
        return decide_undo(tenants, caller, source)
    return decide(tenants, caller, source.object_type, on_match)
