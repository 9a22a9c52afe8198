import json

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.ids import ObjectType, TenantId, UserId
from shared.domain.mapping import (
    ConstantSource,
    LookupRule,
    Mapping,
    MappingRow,
    OnInvalid,
    TemplateSource,
    TooLong,
    UpdateOption,
    VendorSource,
)
from shared.storage.mapping_rows import pack_rows, unpack_rows
from shared.storage.mappings import MappingStore
from tests.builders import options, row
from tests.fakes import MemoryTable
from tests.unit.domain.any_options import any_options

_texts = st.text(max_size=20)
_sources = st.one_of(
    _texts.map(VendorSource),
    _texts.map(TemplateSource),
    st.one_of(_texts, st.integers(), st.booleans(), st.floats(allow_nan=False)).map(ConstantSource),
)
_rows = st.builds(
    MappingRow,
    source=_sources,
    column=_texts,
    update_option=st.sampled_from(UpdateOption),
    on_invalid=st.sampled_from(OnInvalid),
    options=any_options,
)


@given(st.lists(_rows, max_size=4))
def test_rows_come_back_from_json_as_they_were(rows: list[MappingRow]) -> None:
    assert unpack_rows(json.loads(json.dumps(pack_rows(rows)))) == tuple(rows)


@settings(deadline=None)
@given(st.lists(_rows, max_size=4))
def test_a_mapping_survives_saving_and_loading_unchanged(rows: list[MappingRow]) -> None:
    store, tenant = MappingStore(MemoryTable()), TenantId("contoso")
    mapping = Mapping(object_type=ObjectType.LEAD, rows=tuple(rows), version=3, updated_by=UserId("ada"))
    store.replace(tenant, mapping, None)
    assert store.get(tenant, ObjectType.LEAD).value == mapping


def test_a_row_without_options_has_no_keys_for_them() -> None:
    assert pack_rows([row("phone", "telephone1")]) == [
        {
            "vendorField": "phone",
            "column": "telephone1",
            "updateOption": "fillIfMissing",
            "onInvalid": "skipValue",
        }
    ]


def test_only_the_options_that_were_given_are_kept() -> None:
    made = options(
        row("companyName", "parentaccountid"),
        too_long=TooLong.CUT,
        choices=(("Retail", "Retail trade"), ("Media", 7)),
        lookup=LookupRule("account", "name"),
    )
    [packed] = pack_rows([made])
    assert {name: packed[name] for name in packed if name not in pack_rows([row("a", "b")])[0]} == {
        "tooLong": "cut",
        "choices": {"Retail": "Retail trade", "Media": 7},
        "lookup": {"table": "account", "column": "name"},
    }
    assert unpack_rows([packed]) == (made,)
