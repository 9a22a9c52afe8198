"""Pure builders of the requests that the product sends to the Dataverse Web API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson

from shared.dataverse import multipart
from shared.dataverse.odata import encoded, literal

ROOT = "/api/data/v9.2/"
BATCH_PATH = f"{ROOT}$batch"
# "Page results": a page holds 5,000 rows at most.
LARGEST_PAGE = 5_000
# "Execute batch operations using the Web API"
MAX_PARTS = 1_000

Row = Mapping[str, Any]

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_READS = "it changes nothing"
_SETS = "it sets the same values again"
_BASE = (
    "LogicalName,SchemaName,AttributeType,AttributeTypeName,RequiredLevel,IsValidForCreate,IsValidForUpdate,"
    "IsValidForRead,AttributeOf,DisplayName,IsCustomAttribute"
)
_RELATIONSHIP = "ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName"
_CHOICES = "LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet($select=Options)"
_OWN_CHOICES = "LogicalName&$expand=OptionSet($select=Options)"
# "Query table definitions using the Web API": what a type adds to a column needs a cast, one request each.
CASTS: Mapping[str, str] = {
    "String": "LogicalName,MaxLength,Format,FormatName",
    "Memo": "LogicalName,MaxLength,Format",
    "Integer": "LogicalName,MinValue,MaxValue,Format",
    "BigInt": "LogicalName,MinValue,MaxValue",
    "Decimal": "LogicalName,MinValue,MaxValue,Precision",
    "Double": "LogicalName,MinValue,MaxValue,Precision",
    "Money": "LogicalName,MinValue,MaxValue,Precision,PrecisionSource",
    "Boolean": "LogicalName&$expand=OptionSet($select=TrueOption,FalseOption)",
    "DateTime": "LogicalName,Format,DateTimeBehavior",
    "Picklist": _CHOICES,
    "MultiSelectPicklist": _CHOICES,
    "State": _OWN_CHOICES,
    "Status": _OWN_CHOICES,
    "Lookup": "LogicalName,Targets",
}


@dataclass(frozen=True, slots=True)
class DataverseRequest:
    """One request. `path` begins at the host's root and is encoded.

    `repeatable_because` says why sending it twice is harmless; empty means that it is not.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    repeatable_because: str = ""

    @property
    def repeatable(self) -> bool:
        return bool(self.repeatable_because)


def who_am_i() -> DataverseRequest:
    """Answers UserId, BusinessUnitId and OrganizationId of the token."""
    return _get("WhoAmI")


def version() -> DataverseRequest:
    """Answers the version of the organization."""
    return _get("RetrieveVersion()")


def held_privileges(user_id: str, names: Iterable[str]) -> DataverseRequest:
    """Answers those of the named privileges that a user holds, through roles of their own or of a team."""
    listed = encoded(json_bytes(list(names)).decode())
    function = "Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@names)"
    return _get(f"systemusers({user_id})/{function}?@names={listed}")


def secured_columns(table: str) -> DataverseRequest:
    """Answers the columns of a table that only those may write whom a column security profile allows to."""
    definition = f"EntityDefinitions(LogicalName={literal(table)})"
    return _get(f"{definition}/Attributes?$select=LogicalName&$filter={encoded('IsSecured eq true')}")


def retrieve_columns(table: str) -> list[DataverseRequest]:
    """The table, its columns, each of CASTS, the lookups' names, then each bulk action. One $batch."""
    definition = f"EntityDefinitions(LogicalName={literal(table)})"
    casts = [
        f"{definition}/Attributes/Microsoft.Dynamics.CRM.{kind}AttributeMetadata?$select={selected}"
        for kind, selected in CASTS.items()
    ]
    return [
        # "Compose HTTP requests and handle errors": else a column of the last 30 seconds may be missing.
        *(
            _get(path, {"Consistency": "Strong"})
            for path in (
                f"{definition}?$select=LogicalName,EntitySetName,PrimaryIdAttribute",
                f"{definition}/Attributes?$select={_BASE}",
                *casts,
                f"{definition}/ManyToOneRelationships?$select={_RELATIONSHIP}",
            )
        ),
        _supports("CreateMultiple", table),
        _supports("UpdateMultiple", table),
    ]


def retrieve_target(table: str, columns: Iterable[str]) -> list[DataverseRequest]:
    """What lookups need of a table that they point at: its names, these columns, which of them are URLs."""
    definition = f"EntityDefinitions(LogicalName={literal(table)})"
    where = encoded(" or ".join(f"LogicalName eq {literal(column)}" for column in columns))
    attributes = f"Attributes($select={_BASE};$filter={where})"
    cast = f"{definition}/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata"
    return [
        _get(
            f"{definition}?$select=LogicalName,EntitySetName,PrimaryIdAttribute,DisplayName&$expand={attributes}"
        ),
        _get(f"{cast}?$select={CASTS['String']}&$filter={where}"),
    ]


def query(
    entity_set: str,
    *,
    select: Iterable[str],
    where: str = "",
    order: str = "",
    page_size: int = LARGEST_PAGE,
) -> DataverseRequest:
    """Rows of a table, page by page. `where` and `order` are plain OData. The primary key always comes."""
    options = [f"$select={','.join(select)}"]
    if where:
        options.append(f"$filter={encoded(where)}")
    if order:
        options.append(f"$orderby={encoded(order)}")
    return _get(f"{entity_set}?{'&'.join(options)}", {"Prefer": f"odata.maxpagesize={page_size}"})


def next_page(path: str, page_size: str) -> DataverseRequest:
    """The page that a link names. `page_size`: the Prefer header of the first page, to come again."""
    return DataverseRequest("GET", path, {"Prefer": page_size} if page_size else {}, None, _READS)


def create(entity_set: str, row: Row) -> DataverseRequest:
    """A new row. Not repeatable: the second one meets its own key, which only the caller can interpret."""
    return DataverseRequest("POST", f"{ROOT}{entity_set}", _JSON, json_bytes(row))


def update(entity_set: str, row_id: str, row: Row, etag: str | None = None) -> DataverseRequest:
    """New values for a row that exists: If-Match keeps the update from creating one that was deleted.

    With an ETag it fails when somebody changed the row, and a repetition would meet its own change.
    """
    headers = {**_JSON, "If-Match": etag or "*"}
    path = f"{ROOT}{entity_set}({row_id})"
    return DataverseRequest("PATCH", path, headers, json_bytes(row), "" if etag else _SETS)


def delete(entity_set: str, row_id: str, etag: str) -> DataverseRequest:
    """Removes a row if it is still as it was read. Not repeatable: the second one finds it gone."""
    return DataverseRequest("DELETE", f"{ROOT}{entity_set}({row_id})", {"If-Match": etag})


def children_of(table: str) -> DataverseRequest:
    """Answers the relationships through which rows of other tables hang on rows of this one."""
    selected = "ReferencingEntity,ReferencingAttribute,IsCustomRelationship"
    return _get(f"EntityDefinitions(LogicalName={literal(table)})/OneToManyRelationships?$select={selected}")


def names_of_table(table: str) -> DataverseRequest:
    """Answers the names of a table: what its rows are called together, and for people."""
    definition = f"EntityDefinitions(LogicalName={literal(table)})"
    return _get(f"{definition}?$select=LogicalName,EntitySetName,PrimaryIdAttribute,DisplayCollectionName")


def create_multiple(table: str, entity_set: str, rows: Sequence[Row]) -> DataverseRequest:
    """New rows in one transaction: one bad row refuses them all, and nothing names it."""
    return _action("CreateMultiple", table, entity_set, rows)


def update_multiple(table: str, entity_set: str, rows: Sequence[Row]) -> DataverseRequest:
    """New values in one transaction; each row carries its primary key."""
    return _action("UpdateMultiple", table, entity_set, rows, because=_SETS)


def batch(requests: Sequence[DataverseRequest], *, continue_on_error: bool = True) -> DataverseRequest:
    """The requests in one, done in order, each for itself. At most 1,000; repeatable when all of them are."""
    if len(requests) > MAX_PARTS:
        raise ValueError(f"A $batch takes {MAX_PARTS} requests, not {len(requests)}: send several.")
    boundary, body = multipart.write(
        (request.method, request.path, request.headers, request.body) for request in requests
    )
    headers = {"Content-Type": f'multipart/mixed; boundary="{boundary}"'}
    if continue_on_error:
        headers["Prefer"] = "odata.continue-on-error"
    because = "each of its parts may be repeated" if all(part.repeatable for part in requests) else ""
    return DataverseRequest("POST", BATCH_PATH, headers, body, because)


def json_bytes(value: Any) -> bytes:
    """The value as JSON, decimals with all their digits."""
    return orjson.dumps(value, default=_decimal)


def _decimal(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"A value of type {type(value).__name__} cannot be sent to Dataverse: convert it first.")


def _get(path: str, headers: Mapping[str, str] | None = None) -> DataverseRequest:
    return DataverseRequest("GET", f"{ROOT}{path}", headers or {}, None, _READS)


def _supports(message: str, table: str) -> DataverseRequest:
    # "Use bulk operation messages": this query tells whether a table has the message.
    where = "sdkmessageid/name eq @message and primaryobjecttypecode eq @table"
    names = f"@message={literal(message)}&@table={literal(table)}"
    return _get(f"sdkmessagefilters?$select=sdkmessagefilterid&$filter={encoded(where)}&{names}")


def _action(
    name: str, table: str, entity_set: str, rows: Sequence[Row], *, because: str = ""
) -> DataverseRequest:
    kind = f"Microsoft.Dynamics.CRM.{table}"
    body = json_bytes({"Targets": [{"@odata.type": kind, **row} for row in rows]})
    path = f"{ROOT}{entity_set}/Microsoft.Dynamics.CRM.{name}"
    return DataverseRequest("POST", path, _JSON, body, because)
