"""What counts as the same request: by its meaning, not by the order of its fields."""

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.export.payloads import ExportRequest

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=4,
)
_RECORDS = st.lists(
    st.dictionaries(st.text(max_size=5), _VALUES, min_size=2, max_size=5), min_size=1, max_size=3
)


def kept(records: Any) -> bytes:
    body = json.dumps({"object": "lead", "records": records})
    return ExportRequest.model_validate_json(body).to_order("key", again=False).content


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same value with the fields of every object in another order."""
    if isinstance(value, list):
        return [shuffled(each, chance) for each in value]
    if not isinstance(value, dict):
        return value
    names = chance.sample(list(value), k=len(value))
    return {name: shuffled(value[name], chance) for name in names}


@settings(max_examples=50)
@given(_RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_fields_makes_no_other_request(records: Any, chance: random.Random) -> None:
    assert {kept(shuffled(records, chance)) for _ in range(10)} == {kept(records)}


@settings(max_examples=50)
@given(_RECORDS, st.lists(_VALUES, min_size=4, max_size=4), st.randoms(use_true_random=False))
def test_one_field_that_differs_makes_another_request(
    records: Any, values: list[Any], chance: random.Random
) -> None:
    for value in values:
        tampered = json.loads(json.dumps(records))
        record = chance.choice(tampered)
        record[chance.choice(sorted(record))] = value
        same = json.dumps(tampered, sort_keys=True) == json.dumps(records, sort_keys=True)
        assert (kept(tampered) == kept(records)) is same
