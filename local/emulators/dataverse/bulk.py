"""CreateMultiple, UpdateMultiple and UpsertMultiple: all or nothing, and never which row failed."""

from typing import Any, Final

from local.emulators.dataverse import errors, records
from local.emulators.dataverse.addresses import key_values, segments, split_root
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.scope import Scope, primary_key

ACTIONS: Final = frozenset({"CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"})
TYPE: Final = "@odata.type"
ADDRESS: Final = "@odata.id"


def perform(scope: Scope, kit: TableKit, action: str, *, call: Call) -> Reply:
    """The answer to a bulk action on an entity set."""
    if action == "DeleteMultiple":
        raise errors.DataverseError(400, "0x80040315", "DeleteMultiple has not yet been implemented.")
    if kit.model.name in scope.organization.settings.without_bulk:
        raise errors.DataverseError(
            400, "0x80100008", f"{kit.model.name} entity does not support this message."
        )
    targets = _targets(kit, call)
    if action == "CreateMultiple":
        return _create(scope, kit, targets)
    if action == "UpdateMultiple":
        return _update(scope, kit, targets)
    return _upsert(scope, kit, targets)


def _targets(kit: TableKit, call: Call) -> list[dict[str, Any]]:
    targets = json_object(call.body, kit.table.entity_set).get("Targets")
    if not isinstance(targets, list) or not all(isinstance(one, dict) for one in targets):
        raise errors.argument_missing("Targets")
    expected = f"Microsoft.Dynamics.CRM.{kit.model.name}"
    for target in targets:
        given = target.get(TYPE)
        if not isinstance(given, str) or given.lstrip("#") != expected:
            raise errors.payload_refused(
                kit.table.entity_set,
                f"Microsoft.OData.ODataException: Each item of Targets needs '@odata.type': '{expected}'; "
                f"one has '{given}'.",
            )
    return targets


def _create(scope: Scope, kit: TableKit, targets: list[dict[str, Any]]) -> Reply:
    ids = records.create(scope, kit, targets)
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse"
    return json_reply({"@odata.context": described, "Ids": ids}, records=len(ids))


def _update(scope: Scope, kit: TableKit, targets: list[dict[str, Any]]) -> Reply:
    """A repeated key is ignored after its first row ("Use bulk operation messages")."""
    changes: dict[str, dict[str, Any]] = {}
    for target in targets:
        row_id, _ = _named_row(scope, kit, target)
        if row_id is None:
            raise errors.argument_missing(kit.table.primary_id)
        changes.setdefault(row_id, _without_key(kit, target))
    records.update(scope, kit, list(changes.items()))
    return Reply(204, records=len(targets))


def _upsert(scope: Scope, kit: TableKit, targets: list[dict[str, Any]]) -> Reply:
    """A repeated key is an error; the answer does not tell created rows from updated ones."""
    changes: dict[str, dict[str, Any]] = {}
    creations: list[dict[str, Any]] = []
    seen: set[str] = set()
    for target in targets:
        row_id, key = _named_row(scope, kit, target)
        name = row_id or key
        if name and name in seen:
            raise errors.repeated_key()
        seen.add(name)
        if row_id is not None and kit.rows.exists(row_id):
            changes[row_id] = _without_key(kit, target)
        else:
            creations.append(_creation(scope, kit, target, key=key))
    with scope.organization.store.transaction():
        if changes:
            records.update(scope, kit, list(changes.items()))
        if creations:
            records.create(scope, kit, creations)
    return Reply(204, records=len(targets))


def _named_row(scope: Scope, kit: TableKit, target: dict[str, Any]) -> tuple[str | None, str]:
    """The row that a target names, None where there is none yet, with its alternate key as written."""
    given = target.get(kit.table.primary_id)
    if isinstance(given, str):
        return primary_key(kit.model, given), ""
    address = target.get(ADDRESS)
    if not isinstance(address, str):
        return None, ""
    steps = segments(split_root(address)[1])
    if len(steps) != 1 or steps[0].name != kit.table.entity_set or steps[0].key is None:
        raise errors.key_not_defined(kit.model.name)
    try:
        return scope.row_id(kit, steps[0].key), steps[0].key
    except errors.DataverseError as error:
        if error.status != 404:
            raise
        return None, steps[0].key


def _without_key(kit: TableKit, target: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in target.items() if name not in {kit.table.primary_id, ADDRESS}}


def _creation(scope: Scope, kit: TableKit, target: dict[str, Any], *, key: str) -> dict[str, Any]:
    """The body of a new row with the key values that its address carries."""
    body = {name: value for name, value in target.items() if name != ADDRESS}
    literals = key_values(kit.model, key) if key else {}
    if not literals:
        return body
    if list(literals) == [kit.table.primary_id]:
        return {kit.table.primary_id: literals[kit.table.primary_id], **body}
    return {**{name: given for name, (_, given) in scope.key(kit, literals).items()}, **body}
