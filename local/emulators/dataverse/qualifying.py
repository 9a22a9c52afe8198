"""QualifyLead: a lead becomes an account, a contact and an opportunity, and is closed."""

from typing import Any

from local.emulators.dataverse import errors, records
from local.emulators.dataverse.exchange import Call, Reply, json_reply
from local.emulators.dataverse.organization import TableKit
from local.emulators.dataverse.row_requests import json_object
from local.emulators.dataverse.scope import Scope

# The lookups of a lead that name what was made of it.
MADE_INTO = {
    "account": "parentaccountid",
    "contact": "parentcontactid",
    "opportunity": "qualifyingopportunityid",
}
Made = list[tuple[str, str]]


def qualify_lead(scope: Scope, kit: TableKit, row_id: str, *, call: Call) -> Reply:
    """Closes a lead as qualified and makes what the caller wants."""
    asked = json_object(call.body, kit.table.entity_set)
    status = asked.get("Status")
    if not isinstance(status, int):
        raise errors.argument_missing("Status")
    columns = ["statecode", "subject", "firstname", "lastname", "companyname", "emailaddress1"]
    lead = kit.rows.fetch([row_id], columns)
    if row_id not in lead:
        raise errors.row_missing(kit.model.name, row_id)
    if lead[row_id]["statecode"] not in {0, None}:
        raise errors.DataverseError(400, "0x80040519", "The lead is already closed.")
    with scope.organization.store.transaction():
        made = _made_from_lead(scope, lead[row_id], asked=asked)
        if asked.get("CreateOpportunity"):
            made.append(("opportunity", _opportunity(scope, row_id, lead[row_id], made=made, asked=asked)))
        binds = {f"{MADE_INTO[table]}@odata.bind": _address(scope, table, new) for table, new in made}
        status = status if status >= 0 else kit.model.states[1][0]
        records.update(scope, kit, [(row_id, {**binds, "statecode": 1, "statuscode": status})])
    value = [{"@odata.type": f"#Microsoft.Dynamics.CRM.{table}", f"{table}id": new} for table, new in made]
    described = f"{scope.root}/$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)"
    return json_reply({"@odata.context": described, "value": value}, records=1 + len(made))


def _made_from_lead(scope: Scope, lead: dict[str, Any], *, asked: dict[str, Any]) -> Made:
    made: Made = []
    if asked.get("CreateAccount") and lead["companyname"]:
        account = {"name": lead["companyname"], "emailaddress1": lead["emailaddress1"]}
        made += [("account", one) for one in records.create(scope, scope.kit("accounts"), [account])]
    if asked.get("CreateContact"):
        contact = {name: lead[name] for name in ("firstname", "lastname", "emailaddress1")}
        if made:
            contact["parentcustomerid_account@odata.bind"] = f"/accounts({made[0][1]})"
        made += [("contact", one) for one in records.create(scope, scope.kit("contacts"), [contact])]
    return made


def _opportunity(
    scope: Scope, lead_id: str, lead: dict[str, Any], *, made: Made, asked: dict[str, Any]
) -> str:
    """The opportunity's customer is the one that the caller names, else what was just made."""
    row = {
        "name": lead["subject"] or lead["companyname"],
        "originatingleadid@odata.bind": f"/leads({lead_id})",
    }
    for table, new in made:
        row[f"parent{table}id@odata.bind"] = _address(scope, table, new)
    customer = asked.get("OpportunityCustomerId")
    if isinstance(customer, dict):
        named = [(table, customer.get(f"{table}id")) for table in ("account", "contact")]
        customers = [(table, new) for table, new in named if isinstance(new, str)]
    else:
        customers = made
    for table, new in customers[:1]:
        row[f"customerid_{table}@odata.bind"] = _address(scope, table, new)
    return records.create(scope, scope.kit("opportunities"), [row])[0]


def _address(scope: Scope, table: str, row_id: str) -> str:
    return f"/{scope.organization.tables[table].entity_set}({row_id})"
