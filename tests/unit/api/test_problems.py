from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.http.payload import Payload
from functions.http.problems import STATUS_OF, invalid_body, pointer, status_of
from shared.domain import errors
from shared.domain.errors import ServiceError

STEPS = st.lists(st.one_of(st.text(max_size=8), st.integers(0, 9)), max_size=6)


def read(text: str) -> list[str]:
    """The steps of a JSON pointer, as RFC 6901 reads it."""
    return [step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:]]


@given(STEPS)
def test_a_pointer_is_read_back_as_the_steps_it_was_made_of(steps: list[Any]) -> None:
    assert read(pointer(steps)) == [str(step) for step in steps]


class Inner(Payload):
    some_value: int


class Outer(Payload):
    inner_items: dict[str, list[Inner]]


@given(
    st.dictionaries(
        st.text(alphabet="ab/~ é", max_size=4),
        st.lists(st.sampled_from([0, "x", None]), max_size=3),
        max_size=3,
    )
)
def test_the_pointer_of_a_misfit_leads_to_it(items: dict[str, list[Any]]) -> None:
    document = {"innerItems": {name: [{"someValue": each} for each in row] for name, row in items.items()}}
    wrong = {
        (name, index)
        for name, row in items.items()
        for index, each in enumerate(row)
        if not isinstance(each, int)
    }
    try:
        Outer.model_validate(document)
    except ValidationError as error:
        paths = {problem.path for problem in invalid_body(error).problems}
    else:
        paths = set()
    assert paths == {pointer(("innerItems", name, index, "someValue")) for name, index in wrong}


def test_a_misfit_in_a_row_of_a_mapping_names_the_row() -> None:
    class Rows(Payload):
        rows: list[Inner]

    with pytest.raises(ValidationError) as caught:
        Rows.model_validate({"rows": [{"someValue": 1}, {"someValue": "x"}]})
    (problem,) = invalid_body(caught.value).problems
    assert (problem.path, problem.row) == ("/rows/1/someValue", 2)


KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, ServiceError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_error_has_a_status_in_the_table(kind: type[ServiceError]) -> None:
    assert kind in STATUS_OF


def test_a_kind_below_another_has_its_status() -> None:
    class Special(errors.Conflict): ...

    assert status_of(Special) == 409
