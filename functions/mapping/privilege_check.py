"""Whether the connected account may do in Dynamics what the rows ask for."""

from collections.abc import Callable, Iterator, Sequence

from functions.identity import Caller
from functions.mapping.service import Rows
from functions.privileges import missing_privileges
from shared import log
from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import secured_columns, who_am_i
from shared.domain.errors import Problem, ServiceError
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType

Client = Callable[[Caller], DataverseClient]
"""Speaks to the organization of the caller's tenant as the connected account."""

# "Security role and privilege reference": the tables whose privileges are not called as they are themselves.
_NAMES = {
    "account": "Account",
    "businessunit": "BusinessUnit",
    "contact": "Contact",
    "lead": "Lead",
    "systemuser": "User",
    "team": "Team",
    "transactioncurrency": "TransactionCurrency",
}


class PrivilegeCheck:
    """Warns of each privilege that is missing, and of columns that are secured."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(
        self, caller: Caller, object_type: ObjectType, rows: Rows, columns: ColumnCatalog
    ) -> list[Problem]:
        """A warning for each; one that it was not looked at where Dynamics does not say."""
        try:
            client = self._client(caller)
            return [
                *_lacking(client, object_type, rows, columns),
                *_secured(client, object_type, rows, columns),
            ]
        except ServiceError as error:
            log.info("privileges not checked", code=error.code)
            message = f"The privileges of the connected account were not looked at: {error.message}"
            return [Problem("privilegesNotChecked", message)]


def _lacking(
    client: DataverseClient, object_type: ObjectType, rows: Rows, columns: ColumnCatalog
) -> Iterator[Problem]:
    wanted = _wanted(object_type, rows, columns)
    user_id = str(client.send(who_am_i()).json()["UserId"])
    for name in missing_privileges(client, user_id, list(wanted)):
        message = (
            f"The connected account may not {wanted[name]}: it lacks {name}. "
            "Ask your Dynamics administrator for a security role that contains it."
        )
        yield Problem("privilegeMissing", message)


def _wanted(object_type: ObjectType, rows: Rows, columns: ColumnCatalog) -> dict[str, str]:
    """The privileges by name, each with what it allows."""
    own = _NAMES[object_type.value]
    wanted = {
        f"prvCreate{own}": f"create {object_type}s",
        f"prvRead{own}": f"read {object_type}s",
        f"prvWrite{own}": f"change {object_type}s",
    }
    for target in _targets(rows, columns):
        wanted[f"prvRead{_NAMES[target]}"] = f"read the table {target}, which lookups look into"
        wanted[f"prvAppend{own}"] = f"point {object_type}s at other records"
        wanted[f"prvAppendTo{_NAMES[target]}"] = f"point at records of the table {target}"
    return wanted


def _targets(rows: Rows, columns: ColumnCatalog) -> Sequence[str]:
    """The tables that lookups look into, as far as their privileges' names are known."""
    found = (row.options.lookup.table for row in rows if row.options.lookup and row.column in columns)
    return [table for table in dict.fromkeys(found) if table in _NAMES]


def _secured(
    client: DataverseClient, object_type: ObjectType, rows: Rows, columns: ColumnCatalog
) -> Iterator[Problem]:
    mapped = {row.column for row in rows}
    for attribute in client.send(secured_columns(object_type.value)).json()["value"]:
        name = str(attribute["LogicalName"])
        if name in mapped and name in columns:
            message = (
                f"“{columns[name].label}” ({name}) is secured: only who has a column security profile for it "
                "may write it. Ask your Dynamics administrator to add the connected account to one."
            )
            yield Problem("columnSecured", message, column=name)
