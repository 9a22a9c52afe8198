"""Functions and actions of the organization, from WhoAmI to the question about messages."""

import re
from typing import Final
from uuid import NAMESPACE_OID, uuid5

from local.emulators.dataverse import errors
from local.emulators.dataverse.exchange import Reply, json_reply
from local.emulators.dataverse.odata.options import split_query
from local.emulators.dataverse.reading import etag
from local.emulators.dataverse.scope import Scope

VERSION: Final = "9.2.24104.00194"
PROBED: Final = ("CreateMultiple", "UpdateMultiple")
TEST: Final = re.compile(r"(\w+(?:/\w+)?)\s+eq\s+(@\w+|'(?:[^']|'')*')")


def who_am_i(scope: Scope, _: str) -> Reply:
    """The caller's ids."""
    return json_reply(
        {
            "@odata.context": f"{scope.root}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
            "BusinessUnitId": scope.organization.business_unit,
            "UserId": scope.caller.id,
            "OrganizationId": scope.organization.seed.id,
        }
    )


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
