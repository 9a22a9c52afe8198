"""Functions and actions of the organization, from WhoAmI to QualifyLead."""

import re
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from local.emulators.dataverse import errors, records
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.reading import etag
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.scope import Scope

VERSION: Final = "9.2.24104.00194"
PROBED: Final = ("CreateMultiple", "UpdateMultiple")
TEST: Final = re.compile(r"(\w+(?:/\w+)?)\s+eq\s+(@\w+|'(?:[^']|'')*')")


def who_am_i(scope: Scope, _: str) -> Reply:
    """The caller's ids, with the recommended degree of parallelism in a header."""
    reply = json_reply(
        {
            "@odata.context": f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
            "BusinessUnitId": scope.organization.business_unit,
            "UserId": scope.caller.id,
            "OrganizationId": scope.organization.seed.id,
        }
    )
    reply.headers["x-ms-dop-hint"] = str(scope.organization.settings.degree_of_parallelism)
    return reply


def retrieve_version(scope: Scope, _: str) -> Reply:
    """The version of the organization."""
    described = f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse"
    return json_reply({"@odata.context": described, "Version": VERSION})


def service_document(scope: Scope, _: str) -> Reply:
    """The list of entity sets."""
    sets = sorted(scope.organization.by_set)
    value = [{"name": name, "kind": "EntitySet", "url": name} for name in sets]
    return json_reply({"@odata.context": f"{scope.root}/$metadata", "value": value})


def message_filters(scope: Scope, query: str) -> Reply:
    """Whether a table takes a bulk message: the one question about sdkmessagefilters that is answered."""
    given = split_query(query)
    asked: dict[str, str] = {}
    for name, value in TEST.findall(given.get("$filter", "")):
        literal = given.get(value, "null") if value.startswith("@") else value
        asked[name] = literal.strip("'")
    message, table = asked.get("sdkmessageid/name"), asked.get("primaryobjecttypecode")
    if message is None or table is None:
        raise errors.not_emulated("A query of sdkmessagefilters without a message's name and a table")
    settings = scope.organization.settings
    known = table in scope.organization.tables and table not in settings.without_bulk and message in PROBED
    row = {
        "@odata.etag": etag(2009110),
        "sdkmessagefilterid": str(uuid5(NAMESPACE_OID, f"{message}/{table}")),
    }
    described = f"{scope.root}/$metadata#sdkmessagefilters(sdkmessagefilterid)"
    return json_reply({"@odata.context": described, "value": [row] if known else []})


def qualify_lead(scope: Scope, kit: TableKit, row_id: str, *, call: Call) -> Reply:
    """Closes a lead as qualified and makes the account and the contact that the caller wants."""
    asked = json_object(call.body, kit.table.entity_set)
    if asked.get("CreateOpportunity"):
        raise errors.not_emulated("An opportunity (CreateOpportunity of QualifyLead)")
    status = asked.get("Status")
    if not isinstance(status, int):
        raise errors.argument_missing("Status")
    lead = kit.rows.fetch([row_id], ["statecode", "firstname", "lastname", "companyname", "emailaddress1"])
    if row_id not in lead:
        raise errors.row_missing(kit.model.name, row_id)
    if lead[row_id]["statecode"] not in {0, None}:
        raise errors.DataverseError(400, "0x80040519", "The lead is already closed.")
    with scope.organization.store.transaction():
        made = _made_from_lead(scope, lead[row_id], asked=asked)
        binds = {f"parent{table}id@odata.bind": f"/{table}s({new})" for table, new in made}
        status = status if status >= 0 else kit.model.states[1][0]
        records.update(scope, kit, [(row_id, {**binds, "statecode": 1, "statuscode": status})])
    value = [{"@odata.type": f"#Microsoft.Dynamics.CRM.{table}", f"{table}id": new} for table, new in made]
    described = f"{scope.root}/$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)"
    return json_reply({"@odata.context": described, "value": value}, records=1 + len(made))


def _made_from_lead(scope: Scope, lead: dict[str, Any], *, asked: dict[str, Any]) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    if asked.get("CreateAccount") and lead["companyname"]:
        account = {"name": lead["companyname"], "emailaddress1": lead["emailaddress1"]}
        made += [("account", one) for one in records.create(scope, scope.kit("accounts"), [account])]
    if asked.get("CreateContact"):
        contact = {name: lead[name] for name in ("firstname", "lastname", "emailaddress1")}
        if made:
            contact["parentcustomerid_account@odata.bind"] = f"/accounts({made[0][1]})"
        made += [("contact", one) for one in records.create(scope, scope.kit("contacts"), [contact])]
    return made
