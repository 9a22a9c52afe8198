"""The checks that warn without asking anybody: what changed in the organization, what is unwise."""

from functions.identity import Caller
from functions.mapping.service import Rows
from shared.domain.drift import drift
from shared.domain.errors import Problem
from shared.domain.fields import ColumnCatalog
from shared.domain.ids import ObjectType
from shared.domain.vendor_catalog import vendor_fields
from shared.domain.verify import warnings


def watch_drift(_: Caller, object_type: ObjectType, rows: Rows, columns: ColumnCatalog) -> list[Problem]:
    """What the organization no longer has as the rows need it."""
    return drift(rows, columns, vendor_fields(object_type))


def advise(_: Caller, object_type: ObjectType, rows: Rows, columns: ColumnCatalog) -> list[Problem]:
    """What is allowed and may surprise."""
    return warnings(rows, vendor_fields(object_type), columns)
