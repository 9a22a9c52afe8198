"""Columns that stand together, such as those of an address: they come from one source, or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.convert import ColumnValue, is_empty
from shared.domain.mapping import ConstantSource, Source, TemplateSource, UpdateOption, VendorSource

Same = Callable[[str, Any, ColumnValue], bool]
"""Whether a column's present value is the one that we have for it."""


def _is_equal(_column: str, there: Any, value: ColumnValue) -> bool:
    return bool(there == value)


_OWNERS = ("ultimateParent", "parent", "company")


@dataclass(frozen=True, slots=True)
class Block:
    """The columns of a block, and when it may be written to a record that exists.

    `plain`: the values of all its columns are the same only when they are equal, as texts are.
    """

    columns: tuple[str, ...]
    option: UpdateOption
    plain: bool = True

    def changes(
        self, ours: Mapping[str, ColumnValue], present: Mapping[str, Any], same: Same = _is_equal
    ) -> dict[str, ColumnValue]:
        """What of ours is written over what is present; nothing where two addresses would be mixed.

        A value that is present where we have none would stay beside ours. To be filled, every column has to
        be empty or equal already.
        """
        if self.option is UpdateOption.CREATE_ONLY:
            return {}
        fills = self.option is UpdateOption.FILL_IF_MISSING
        wanted = {}
        for name in self.columns:
            there = present.get(name)
            value = ours.get(name)
            if there is None or is_empty(there):
                if value is not None:
                    wanted[name] = value
            elif value is None:
                return {}
            elif there != value and not same(name, there, value):
                if fills:
                    return {}
                wanted[name] = value
        return wanted


def owner_of(source: Source) -> str | None:
    """Whose value a source gives: the record's own (empty), its company's, its parent's; None: a constant."""
    match source:
        case VendorSource(field):
            return owner_of_field(field)
        case TemplateSource() as template:
            return owner_of_field(template.fields[0]) if template.fields else None
        case ConstantSource():
            return None


def owner_of_field(field: str) -> str:
    """Whose value a vendor field gives: `companyStreet` is the company's, `street` the record's own."""
    return next(
        (owner for owner in _OWNERS if field.startswith(owner) and field[len(owner) :][:1].isupper()), ""
    )
