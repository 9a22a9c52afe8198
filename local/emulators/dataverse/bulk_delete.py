"""The BulkDelete action: rows that a query finds are removed, and a job tells that it is done."""

from typing import Any, Final
from uuid import uuid4

from local.emulators.dataverse import errors, records
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.privileges import Right
from local.emulators.dataverse.query_expressions import criteria
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.scope import Scope
from local.emulators.dataverse.store import quoted
from local.emulators.dataverse.values import write_moment

NAME: Final = "BulkDelete"
JOBS: Final = "asyncoperation"
BULK_DELETE: Final = 13
COMPLETED, SUCCEEDED = 3, 30


def bulk_delete(scope: Scope, call: Call) -> Reply:
    """The answer to the action; the job has ended by the time that it is answered."""
    asked = json_object(call.body, "BulkDelete")
    queries = asked.get("QuerySet")
    name = asked.get("JobName")
    if not isinstance(queries, list) or not queries or not isinstance(name, str):
        raise errors.argument_missing("QuerySet and JobName")
    removed = 0
    with scope.organization.store.transaction():
        for query in queries:
            removed += _remove(scope, query)
        job = _write_job(scope, name)
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.BulkDeleteResponse"
    return json_reply({"@odata.context": described, "JobId": job}, records=removed)


def _remove(scope: Scope, query: Any) -> int:
    if not isinstance(query, dict) or not isinstance(query.get("EntityName"), str):
        raise errors.argument_missing("EntityName")
    kit = scope.organization.kit(query["EntityName"])
    if kit is None:
        raise errors.entity_missing(query["EntityName"])
    scope.require(Right.DELETE, kit)
    sql, parameters = criteria(query, kit.model, scope.surroundings())
    table, key = quoted(kit.model.name), quoted(kit.table.primary_id)
    statement = f"SELECT {key} FROM {table} WHERE {sql}"
    ids = [row[0] for row in kit.rows.store.connection.execute(statement, parameters).fetchall()]
    for row_id in ids:
        if kit.rows.exists(row_id):  # one before it may have taken it along
            records.delete(scope, kit, row_id)
    return len(ids)


def _write_job(scope: Scope, name: str) -> str:
    job = str(uuid4())
    kit: TableKit | None = scope.organization.kit(JOBS)
    if kit is None:
        return job
    moment = write_moment(scope.organization.clock.now())
    stamps = dict.fromkeys(("createdon", "modifiedon", "startedon", "completedon"), moment)
    people = dict.fromkeys(("createdby", "modifiedby", "ownerid", "owninguser"), scope.caller.id)
    row = {
        kit.table.primary_id: job,
        "name": name,
        "operationtype": BULK_DELETE,
        "messagename": NAME,
        "statecode": COMPLETED,
        "statuscode": SUCCEEDED,
        "versionnumber": scope.organization.store.next_version(),
        **stamps,
        **people,
    }
    kit.computed.shadow(row)
    kit.rows.insert([row])
    return job
