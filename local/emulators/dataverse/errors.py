"""Dataverse's refusals of requests, one function for each, worded as its documentation shows."""

from collections.abc import Mapping, Sequence
from typing import Final

import orjson

HELP: Final = "https://go.microsoft.com/fwlink/?linkid=2195293"


class DataverseError(Exception):
    """A refusal with the status, the code and the message that the caller gets."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    @property
    def body(self) -> bytes:
        """The documented error body."""
        return orjson.dumps({"error": {"code": self.code, "message": self.message}})


# What is not there.


def not_emulated(what: str) -> DataverseError:
    """501: this emulator knows of it and does not do it."""
    return DataverseError(
        501, "0x80040315", f"{what} is not emulated. FIDELITY.md of the Dataverse emulator lists what is."
    )


def segment_not_found(segment: str) -> DataverseError:
    """An entity set or function that the organization does not have."""
    return DataverseError(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def no_resource(method_and_path: str) -> DataverseError:
    """A known address with a wrong verb."""
    return DataverseError(
        404, "", f"No HTTP resource was found that matches the request URI '{method_and_path}'."
    )


def row_missing(table: str, row_id: str) -> DataverseError:
    """No row with this primary key."""
    return DataverseError(404, "0x80040217", f"{table} With Id = {row_id} Does Not Exist")


def row_missing_by_key(table: str) -> DataverseError:
    """No row with these alternate key values."""
    message = f"A record with the specified key values does not exist in {table} entity"
    return DataverseError(404, "0x80060891", message)


def key_not_defined(table: str) -> DataverseError:
    """The columns in the address are no key of the table."""
    resource = f"'Microsoft.Dynamics.CRM.{table}'"
    return DataverseError(
        400,
        "0x80060890",
        f"The key in the request URI is not valid for resource {resource}. Ensure that the names and number "
        f"of key properties match the declared or alternate key properties for the resource {resource}.",
    )


# What cannot be read in a query.


def unknown_property(name: str, table: str) -> DataverseError:
    """A property in $select, $filter or $orderby that the table does not have."""
    message = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{table}'."
    return DataverseError(400, "0x80060888", message)


def query_refused(message: str) -> DataverseError:
    """A query that the OData library of Dataverse cannot read, in that library's words."""
    return DataverseError(400, "0x80060888", message)


def too_many_conditions() -> DataverseError:
    """A filter with more conditions than Dataverse takes."""
    return DataverseError(400, "0x8004430C", "Number of conditions in query exceeded maximum limit.")


def too_many_to_aggregate() -> DataverseError:
    """An aggregate over more rows than Dataverse takes."""
    message = "AggregateQueryRecordLimit exceeded. Cannot perform this operation."
    return DataverseError(400, "0x8004E023", message)


def fetch_refused(message: str, code: str = "0x8004111C") -> DataverseError:
    """FetchXML that cannot be read or asks for something that cannot be."""
    return DataverseError(400, code, message)


def attribute_missing(name: str, table: str) -> DataverseError:
    """A column in FetchXML or SQL that the table does not have."""
    message = f"'{table}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical'."
    return DataverseError(400, "0x80041103", message)


def too_many_links() -> DataverseError:
    """FetchXML with more joins than Dataverse takes ("Join tables using FetchXml")."""
    message = "Number of link entities in query exceeded maximum limit."
    return DataverseError(400, "0x8004430D", message)


def entity_missing(name: str) -> DataverseError:
    """A table in a query that the organization does not have."""
    message = (
        f"The entity with a name = '{name}' with namemapping = 'Logical' was not found in the MetadataCache."
    )
    return DataverseError(400, "0x80041102", message)


def query_option_unsupported(option: str) -> DataverseError:
    """$skip, $search and $format, which Dataverse does not support."""
    return DataverseError(400, "0x80060888", f"The query parameter {option} is not supported")


def url_too_long(limit: int) -> DataverseError:
    """A GET address over the documented length."""
    return DataverseError(
        414, "0x80060888", f"The request URI is longer than {limit} characters. Send it inside a $batch."
    )


# What cannot be read in a body.


def payload_refused(entity_set: str, inner: str) -> DataverseError:
    """A body that does not fit the table, in the wording of the OData reader."""
    return DataverseError(
        400,
        "0x80048d19",
        f"Error identified in Payload provided by the user for Entity :'{entity_set}', For more information "
        f"on this error please follow this help link {HELP}  ---->  InnerException : {inner}",
    )


def wrong_type(entity_set: str, literal: str, edm: str) -> DataverseError:
    """A JSON value of another type than the column's."""
    reason = f"Cannot convert the literal '{literal}' to the expected type '{edm}'."
    return payload_refused(entity_set, f"Microsoft.OData.ODataException: {reason}")


def text_for_number(entity_set: str, edm: str) -> DataverseError:
    """A quoted number where IEEE754Compatible is not set."""
    return payload_refused(
        entity_set,
        f"Microsoft.OData.ODataException: Cannot convert a value to target type '{edm}' because of conflict "
        "between input format string/number and parameter 'IEEE754Compatible' false/true.",
    )


def undeclared_property(entity_set: str, table: str, name: str) -> DataverseError:
    """A body property that the table does not have."""
    kind = f"Microsoft.Dynamics.CRM.{table}"
    return payload_refused(
        entity_set,
        f"Microsoft.Crm.CrmException: Invalid property '{name}' was found in entity '{kind}'. ---> "
        f"Microsoft.OData.ODataException: The property '{name}' does not exist on type '{kind}'. "
        "Make sure to only use property names that are defined by the type.",
    )


def undeclared_navigation(entity_set: str, name: str) -> DataverseError:
    """An @odata.bind on something that is no navigation property (the names are case-sensitive)."""
    return payload_refused(
        entity_set,
        f"Microsoft.OData.ODataException: An undeclared property '{name}' which only has property "
        "annotations in the payload but no property value was found in the payload. In OData, only declared "
        "navigation properties and declared named streams can be represented as properties without values.",
    )


def direct_reference(entity_set: str) -> DataverseError:
    """A write to `_x_value`, which only shows a lookup."""
    return payload_refused(
        entity_set,
        "Microsoft.Crm.CrmException: CRM do not support direct update of Entity Reference properties, "
        "Use Navigation properties instead.",
    )


def primitive_for_navigation(entity_set: str, name: str) -> DataverseError:
    """A plain value where a navigation property asks for @odata.bind."""
    return payload_refused(
        entity_set,
        "Microsoft.OData.ODataException: A 'PrimitiveValue' node with non-null value was found when trying "
        f"to read the value of the property '{name}'; however, a 'StartArray' node, a 'StartObject' node, "
        "or a 'PrimitiveValue' node with null value was expected.",
    )


def stream_not_readable(entity_set: str = "") -> DataverseError:
    """A body that is no JSON object, or a $batch without CRLF line ends."""
    return payload_refused(entity_set, "System.ArgumentException: Stream was not readable.")


def content_id_unknown(reference: str) -> DataverseError:
    """A $n in a change set that no earlier operation carries."""
    message = f"Content-ID Reference: '{reference}' does not exist in the batch context."
    return DataverseError(400, "0x80060888", message)


# Values that a column does not take.


def too_long(column: str, table: str, limit: int) -> DataverseError:
    """More UTF-16 units than the column's length."""
    return DataverseError(
        400,
        "0x80044331",
        f"A validation error occurred.  The length of the '{column}' attribute of the '{table}' entity "
        f"exceeded the maximum allowed length of '{limit}'.",
    )


def option_out_of_set(value: int, column: str, table: str, accepted: Sequence[int]) -> DataverseError:
    """A value that the choice does not have."""
    return DataverseError(
        400,
        "0x8004431A",
        f"A validation error occurred. The value {value} of '{column}' on record of type '{table}' is "
        f"outside the valid range. Accepted Values: {','.join(map(str, accepted))}",
    )


def too_many_selections(limit: int) -> DataverseError:
    """More choices of a multi-select column than it may hold."""
    return DataverseError(
        400,
        "0x80050222",
        f"Number of selections for MultiSelectPicklist Attribute Type exceeded maximum limit: {limit}.",
    )


def integer_out_of_range(value: int, column: str, table: str) -> DataverseError:
    """An integer under the column's minimum or over its maximum."""
    return DataverseError(
        400,
        "0x8004432F",
        f"A validation error occurred. The value {value} of '{column}' on record of type '{table}' is an "
        "integer outside of the allowed values for this attribute.",
    )


def decimal_out_of_range(value: float, column: str, table: str) -> DataverseError:
    """A decimal, double or money value under the minimum or over the maximum."""
    return DataverseError(
        400,
        "0x80044330",
        f"A validation error occurred. The value {value} of '{column}' on record of type '{table}' is a "
        "decimal outside of the allowed values for this attribute.",
    )


def date_out_of_range(value: str) -> DataverseError:
    """A point in time before 1753, which Dataverse cannot keep."""
    return DataverseError(
        400,
        "0x80040239",
        "DateTime is less than minimum value supported by CrmDateTime. "
        f"Actual value: {value}, Minimum value supported: 01/01/1753 00:00:00",
    )


def wrong_status(state: str, status: int | None, row_id: str) -> DataverseError:
    """A status reason that does not belong to the state, such as LeadState.Open."""
    table = state.partition("State.")[0].lower()
    message = f"{status} is not a valid status code for state code {state} on {table} with Id {row_id}."
    return DataverseError(400, "0x80048408", message)


def null_not_allowed(column: str) -> DataverseError:
    """A SystemRequired column set to null."""
    return DataverseError(400, "0x8004203E", f"The attribute '{column}' cannot be set to NULL")


def read_only(table: str, row_id: str) -> DataverseError:
    """An update of a row whose state does not allow it, such as a qualified lead."""
    message = f"The object cannot be updated because it is read-only. ({table} With Id = {row_id})"
    return DataverseError(400, "0x8004022E", message)


# Conflicts.


def key_exists() -> DataverseError:
    """The primary key is taken."""
    return DataverseError(412, "0x80040237", "A record with matching key values already exists.")


def alternate_key_taken(key: str, columns: Sequence[str]) -> DataverseError:
    """The values of an alternate key are taken."""
    return DataverseError(
        412,
        "0x80060892",
        f"Entity Key {key} violated. A record with the same value for {', '.join(columns)} already exists. "
        "A duplicate record cannot be created. Select one or more unique values and try again.",
    )


def version_mismatch() -> DataverseError:
    """If-Match names another version than the row's."""
    return DataverseError(
        412,
        "0x80060882",
        "The version of the existing record doesn't match the RowVersion property provided.",
    )


def duplicate_found(status: int) -> DataverseError:
    """A duplicate detection rule fired; documents differ about the status, so a setting gives it."""
    return DataverseError(
        status,
        "0x80040333",
        "A record was not created or updated because a duplicate of the current record already exists.",
    )


def repeated_key() -> DataverseError:
    """Two targets of one UpsertMultiple name the same row (the code is not documented)."""
    return DataverseError(400, "0x80040237", "A record with matching key values already exists.")


def still_referenced(relationship: str) -> DataverseError:
    """A deletion that a relationship forbids while other rows point at the row."""
    message = "The object you tried to delete is associated with another object and cannot be deleted."
    return DataverseError(400, "0x80040227", f"{message} ({relationship})")


def argument_missing(name: str) -> DataverseError:
    """An action without a parameter that it needs."""
    return DataverseError(400, "0x80040203", f"Required field '{name}' is missing or has the wrong form.")
