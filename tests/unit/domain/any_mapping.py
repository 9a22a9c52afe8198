"""Strategies for laws: mappings over columns of every type, and vendor records of every shape."""

from typing import Any

from hypothesis import strategies as st

from shared.domain.fields import Column, ColumnCatalog, ColumnType, RequiredLevel
from shared.domain.mapping import (
    ConstantSource,
    MappingRow,
    OnInvalid,
    TemplateSource,
    UpdateOption,
    VendorSource,
)
from tests.builders import catalog, choice, column

FIELDS = ("firstName", "lastName", "phone", "birthday", "withinEu", "companyEmployeeCount", "techSkills")

COLUMNS: ColumnCatalog = catalog(
    column("line", max_length=8),
    column("memo", ColumnType.MEMO, max_length=20),
    column("whole", ColumnType.INTEGER, minimum=0.0, maximum=500.0),
    column("big", ColumnType.BIG_INT),
    column("share", ColumnType.DECIMAL, precision=2, minimum=-10.0, maximum=500.0),
    column("double", ColumnType.DOUBLE, precision=5),
    column("money", ColumnType.MONEY, precision=0),
    column("flag", ColumnType.BOOLEAN),
    column("moment", ColumnType.DATE_TIME, behavior="UserLocal"),
    column("day", ColumnType.DATE_TIME, behavior="DateOnly"),
    choice("one", "A", "B", "3"),
    choice("many", "A", "B", "3", kind=ColumnType.MULTI_SELECT),
    column("needed", required_level=RequiredLevel.APPLICATION, max_length=8),
    column("owner", ColumnType.LOOKUP),
    column("locked", creatable=False, updatable=False),
)

_pieces = st.sampled_from(
    ["Ada", "A;B", "b", "3", "0", "1,234", "12.345", "2026-01-31", "no", "much longer", "\x00"]
)
_scalars = st.one_of(
    st.none(),
    st.sampled_from(["", " "]),
    _pieces,
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(),
    st.text(max_size=9),
)
field_values = st.one_of(
    _scalars,
    st.lists(_scalars, max_size=3),
    st.dictionaries(st.sampled_from(["name", "id", "x"]), _scalars, max_size=2),
)
records: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(FIELDS), field_values)

_sources = st.one_of(
    st.sampled_from(FIELDS).map(VendorSource),
    _pieces.map(ConstantSource),
    st.one_of(st.booleans(), st.integers(0, 500), st.floats()).map(ConstantSource),
    st.sampled_from(["{firstName}", "{firstName} {lastName}", "x{phone}y", "{techSkills}"]).map(
        TemplateSource
    ),
)


def any_rows(
    columns: ColumnCatalog = COLUMNS,
    *,
    sources: st.SearchStrategy[Any] = _sources,
    names: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[list[MappingRow]]:
    """Rows in any order, several for one column among them."""
    return st.lists(
        st.builds(
            MappingRow,
            source=sources,
            column=st.sampled_from(list(columns)) if names is None else names,
            update_option=st.sampled_from(UpdateOption),
            on_invalid=st.sampled_from(OnInvalid),
        ),
        max_size=12,
    )


def present_values(columns: list[Column]) -> st.SearchStrategy[dict[str, Any]]:
    """What an existing record of Dynamics may hold in these columns."""
    by_type: dict[ColumnType, st.SearchStrategy[Any]] = {
        ColumnType.INTEGER: st.integers(0, 500),
        ColumnType.BIG_INT: st.integers(0, 500),
        ColumnType.DECIMAL: st.integers(0, 500).map(float),
        ColumnType.DOUBLE: st.integers(0, 500).map(float),
        ColumnType.MONEY: st.integers(0, 500).map(float),
        ColumnType.BOOLEAN: st.booleans(),
        ColumnType.PICKLIST: st.sampled_from([1, 2, 3]),
        ColumnType.MULTI_SELECT: st.sampled_from(["1", "2,1", "1,3"]),
        ColumnType.DATE_TIME: st.just("2026-01-31T00:00:00Z"),
    }
    text = st.sampled_from(["", " ", "Ada", "B"])
    return st.fixed_dictionaries(
        {},
        optional={
            each.name: st.one_of(st.none(), by_type.get(each.type, text))
            for each in columns
            if each.updatable
        },
    )
