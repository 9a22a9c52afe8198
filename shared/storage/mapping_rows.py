"""The rows of a mapping as JSON values, as they are kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    OnInvalid,
    Source,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from shared.storage.row_options import pack_options, unpack_options


def pack_rows(rows: Iterable[MappingRow]) -> list[dict[str, Any]]:
    """The rows as JSON objects."""
    return [
        {
            **_pack_source(row.source),
            "column": row.column,
            "updateOption": row.update_option.value,
            "onInvalid": row.on_invalid.value,
            **pack_options(row.options),
        }
        for row in rows
    ]


def unpack_rows(packed: Iterable[Mapping[str, Any]]) -> tuple[MappingRow, ...]:
    """The rows of what `pack_rows` gave."""
    return tuple(
        MappingRow(
            source=_unpack_source(row),
            column=row["column"],
            update_option=UpdateOption(row["updateOption"]),
            on_invalid=OnInvalid(row["onInvalid"]),
            options=unpack_options(row),
        )
        for row in packed
    )


def _pack_source(source: Source) -> dict[str, Any]:
    match source:
        case VendorSource(name):
            return {"vendorField": name}
        case ConstantSource(value):
            return {"constant": value}
        case TemplateSource(template):
            return {"template": template}


def _unpack_source(packed: Mapping[str, Any]) -> Source:
    if "vendorField" in packed:
        return VendorSource(packed["vendorField"])
    if "template" in packed:
        return TemplateSource(packed["template"])
    return ConstantSource(packed["constant"])
