"""From the address of a request to what answers it, for whole requests and for parts of a batch alike."""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from local.emulators.dataverse import (
    associations,
    bulk,
    bulk_delete,
    csdl,
    errors,
    functions,
    qualifying,
    queries,
    row_requests,
    user_privileges,
)
from local.emulators.dataverse.addresses import Segment, segments
from local.emulators.dataverse.customizing import actions, changes
from local.emulators.dataverse.customizing.requests import change_definitions
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.files import blocks
from local.emulators.dataverse.files import requests as file_requests
from local.emulators.dataverse.metadata import MetadataError, answer, is_metadata_path
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.scope import Scope

NAMESPACE: Final = "Microsoft.Dynamics.CRM."
FUNCTIONS: Final[dict[str, Callable[[Scope, str], Reply]]] = {
    "": functions.service_document,
    "$metadata": csdl.metadata_document,
    "WhoAmI": functions.who_am_i,
    "RetrieveVersion": functions.retrieve_version,
    "sdkmessagefilters": functions.message_filters,
}
ACTIONS: Final = frozenset({*actions.ACTIONS, *blocks.ACTIONS, bulk_delete.NAME})
UNBOUND: Final = ACTIONS.union(FUNCTIONS)
GLOBAL_VERSION: Final = "Microsoft.Dynamics.CRM.globalmetadataversion"


def route(scope: Scope, call: Call) -> Reply:
    """The answer to a request below the service root; refusals are DataverseErrors."""
    if is_metadata_path(unquote(call.path)):
        return _metadata(scope, call)
    steps = segments(call.path) or (Segment(""),)
    name, key = steps[0].name, steps[0].key
    if len(steps) == 1 and name in UNBOUND:
        return _unbound(scope, call, name)
    kit = scope.kit(name)
    if key is None:
        return _entity_set(scope, kit, steps, call=call)
    return _row(scope, kit, key, call=call) if len(steps) == 1 else _below_row(scope, kit, steps, call=call)


def _below_row(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    if steps[1].name.startswith(NAMESPACE):
        return _bound_action(scope, kit, steps, call=call)
    if associations.is_collection(scope, kit, steps[1].name):
        return associations.collection(scope, kit, steps, call=call)
    if file_requests.is_stream(kit, steps, call):
        return file_requests.stream(scope, kit, steps, call=call)
    return row_requests.below_row(scope, kit, steps, call=call)


def refusal(error: errors.DataverseError) -> Reply:
    """The answer that carries a refusal."""
    headers = {"Content-Type": "application/json; odata.metadata=minimal", **error.headers}
    return Reply(error.status, headers, error.body)


def _entity_set(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    if len(steps) == 1 and call.method == "GET":
        return _with_global_version(scope, queries.list_rows(scope, kit, call.query))
    if len(steps) == 1 and call.method == "POST":
        return row_requests.create(scope, kit, call)
    if len(steps) == 2 and steps[1].name == "$count" and call.method == "GET":
        return queries.count_rows(scope, kit, call.query)
    action = steps[1].name.removeprefix(NAMESPACE) if len(steps) == 2 else ""
    if action in bulk.ACTIONS and call.method == "POST":
        return bulk.perform(scope, kit, action, call=call)
    if len(steps) == 1 or action in bulk.ACTIONS:
        raise errors.no_resource(f"{scope.root}/{call.path}")
    raise errors.segment_not_found(steps[1].name)


def _row(scope: Scope, kit: TableKit, key: str, *, call: Call) -> Reply:
    if call.method == "GET":
        return row_requests.retrieve(scope, kit, key, call=call)
    if call.method == "PATCH":
        return row_requests.patch(scope, kit, key, call=call)
    if call.method == "DELETE":
        return row_requests.remove(scope, kit, key, call=call)
    raise errors.no_resource(f"{scope.root}/{call.path}")


def _bound_action(scope: Scope, kit: TableKit, steps: tuple[Segment, ...], *, call: Call) -> Reply:
    action = steps[1].name.removeprefix(NAMESPACE)
    if action == "QualifyLead" and kit.model.name == "lead" and call.method == "POST":
        row_id = scope.row_id(kit, steps[0].key or "")
        return qualifying.qualify_lead(scope, kit, row_id, call=call)
    if action == user_privileges.NAME and kit.model.name == "systemuser" and call.method == "GET":
        row_id = scope.row_id(kit, steps[0].key or "")
        return user_privileges.held_by_name(scope, row_id, steps[1], call.query)
    raise errors.not_emulated(f"The action {action}")


def _metadata(scope: Scope, call: Call) -> Reply:
    if call.method != "GET":
        return change_definitions(scope, call)
    if unquote(call.path).strip("/").startswith(changes.NAME):
        return changes.retrieve_changes(scope, call)
    organization = scope.organization
    try:
        content = answer(
            unquote(call.path),
            split_query(call.query),
            organization.tables,
            organization.seed.url,
            choices=organization.customizations.choices,
        )
    except MetadataError as error:
        raise errors.DataverseError(error.status, error.code, error.message) from error
    return json_reply(content)


def _with_global_version(scope: Scope, reply: Reply) -> Reply:
    if scope.preferences.wants(GLOBAL_VERSION) and scope.preferences.annotations != "*":
        version = f'"@{GLOBAL_VERSION}":"{scope.organization.global_version}",'
        reply.body = reply.body.replace(b'"value":', version.encode() + b'"value":', 1)
    return reply


def _unbound(scope: Scope, call: Call, name: str) -> Reply:
    """A function with GET, an action with POST."""
    if call.method == "GET" and name in FUNCTIONS:
        return FUNCTIONS[name](scope, call.query)
    if call.method == "POST" and name == bulk_delete.NAME:
        return bulk_delete.bulk_delete(scope, call)
    if call.method == "POST" and name in actions.ACTIONS:
        return actions.perform(scope, call, name)
    if call.method == "POST" and name in blocks.ACTIONS:
        return blocks.perform(scope, call, name)
    raise errors.no_resource(f"{scope.root}/{call.path}")
