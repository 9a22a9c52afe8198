"""Rows of the service's tables as a file of JSON lines, and back: for a backup, and for another region."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from azure.core.exceptions import ResourceExistsError
from azure.data.tables import EdmType, EntityProperty, TableServiceClient, TableTransactionError, UpdateMode

from local.errors import DevError
from shared.storage.entities import TRANSACTION_BYTES, TRANSACTION_ROWS
from shared.storage.keys import SEPARATOR, key
from shared.storage.names import TABLES, Table

# What means the same in another region. The rest hangs on what stays behind: sign-ins are sealed by the old
# region's key, exports lie in its blobs.
ELSEWHERE = (Table.TENANTS, Table.MAPPING_VERSIONS, Table.WRITES, Table.AUDIT)
_SETTINGS = ("access", "preferences", "mapping")
_AFTER_SEPARATOR = chr(ord(SEPARATOR) + 1)


def save(service: TableServiceClient, tenant: str | None = None) -> Iterator[str]:
    """The lines of every row of every table; of one tenant, of what means the same in another region."""
    for table in TABLES if tenant is None else ELSEWHERE:
        client = service.get_table_client(table.value)
        rows = client.list_entities() if tenant is None else client.query_entities(_of(tenant))
        for row in rows:
            if tenant is None or table is not Table.TENANTS or _is_setting(row["RowKey"]):
                yield json.dumps({"table": table.value, "row": {name: _told(row[name]) for name in row}})


def load(service: TableServiceClient, lines: Iterable[str], *, replace: bool = False) -> Counter[str]:
    """Puts the rows there; gives how many by table. A row that is there already is an error, or replaced."""
    loaded: Counter[str] = Counter()
    wires = (_line(number, text) for number, text in enumerate(lines, start=1) if text.strip())
    for (table, _), rows in groupby(wires, lambda wire: (wire["table"], wire["row"]["PartitionKey"])):
        for part in _transactions(rows):
            _write(service, table, part, replace=replace)
            loaded[table] += len(part)
    return loaded


def _of(tenant: str) -> str:
    """Every partition of the tenant, which are its own key and those that begin with it."""
    own = key(tenant).replace("'", "''")
    below = f"PartitionKey ge '{own}{SEPARATOR}' and PartitionKey lt '{own}{_AFTER_SEPARATOR}'"
    return f"PartitionKey eq '{own}' or ({below})"


def _is_setting(row_key: str) -> bool:
    return row_key.partition(SEPARATOR)[0] in _SETTINGS


def _told(value: Any) -> Any:
    if isinstance(value, EntityProperty):
        return {"type": str(EdmType(value.edm_type).value), "value": str(value.value)}
    if isinstance(value, (str, bool, int, float)):
        return value
    raise DevError(f"a {type(value).__name__} is none of the types that the service stores.")


def _meant(value: Any) -> Any:
    if isinstance(value, dict):
        return EntityProperty(int(value["value"]), EdmType(value["type"]))
    return value


def _line(number: int, text: str) -> dict[str, Any]:
    try:
        wire: dict[str, Any] = json.loads(text)
        known = wire["table"] in TABLES and {"PartitionKey", "RowKey"} <= set(wire["row"])
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise DevError(f"line {number} is no row of a table; take a file that './dev tables save' wrote.")
    return wire


def _transactions(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    size = 0
    for wire in rows:
        more = len(json.dumps(wire)) * 2  # Azure counts text as UTF-16
        if part and (len(part) == TRANSACTION_ROWS or size + more > TRANSACTION_BYTES):
            yield part
            part, size = [], 0
        part.append({name: _meant(value) for name, value in wire["row"].items()})
        size += more
    if part:
        yield part


def _write(service: TableServiceClient, table: str, rows: list[dict[str, Any]], *, replace: bool) -> None:
    kind = ("upsert", {"mode": UpdateMode.REPLACE}) if replace else ("create", {})
    try:
        service.get_table_client(table).submit_transaction([(kind[0], row, kind[1]) for row in rows])
    except (TableTransactionError, ResourceExistsError) as error:
        if getattr(error, "error_code", None) != "EntityAlreadyExists":
            raise
        raise DevError(
            f"{table} has rows of {rows[0]['PartitionKey']} already; look whose they are, and say --replace "
            "to put the file's in their place."
        ) from error
