import pytest

from local.bicep.shapes.kinds import (
    Choice,
    ListOf,
    MapOf,
    Maybe,
    Record,
    Scalar,
    Shape,
    Slot,
    described,
    fits,
    joined,
)

A, B = Choice(("a",)), Choice(("b",))
AZURES = Choice(("a", "b"), open=True)
OURS = Choice(("a", "b"))


@pytest.mark.parametrize(
    ("given", "wanted", "expected"),
    [
        (A, Scalar.STRING, True),
        (Choice((1,)), Scalar.INT, True),
        (A, Scalar.INT, False),
        (A, OURS, True),
        (Choice(("c",)), OURS, False),
        (Choice(("c",)), AZURES, False),
        (Scalar.STRING, AZURES, True),
        (Scalar.STRING, OURS, False),
        (Scalar.NULL, Maybe(Scalar.INT), True),
        (Scalar.NULL, Scalar.INT, False),
        (Maybe(A), Scalar.STRING, True),
        (ListOf(A), ListOf(Scalar.STRING), True),
        (ListOf(A), ListOf(Scalar.INT), False),
        (ListOf(Choice(())), ListOf(Scalar.INT), True),
        (Scalar.ANY, Scalar.INT, True),
        (Record("r", {}), MapOf(Scalar.INT), True),
        (Scalar.STRING, MapOf(Scalar.INT), False),
    ],
)
def test_a_value_stands_where_its_shape_is_wanted(given: Shape, wanted: Shape, *, expected: bool) -> None:
    assert fits(given, wanted) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (A, B, Choice(("a", "b"))),
        (A, Scalar.NULL, Maybe(A)),
        (Maybe(A), B, Maybe(Choice(("a", "b")))),
        (A, Choice((1,)), Scalar.ANY),
        (A, Scalar.STRING, Scalar.STRING),
        (ListOf(A), ListOf(Choice(())), ListOf(A)),
        (MapOf(A), MapOf(B), MapOf(Choice(("a", "b")))),
    ],
)
def test_what_may_be_either_holds_both(first: Shape, second: Shape, expected: Shape) -> None:
    assert joined(first, second) == expected


def test_a_property_that_one_of_two_objects_lacks_is_there_only_sometimes() -> None:
    one = Record("object", {"a": Slot(A, required=True), "b": Slot(B, required=True)})
    other = Record("object", {"a": Slot(B, required=True)})
    both = joined(one, other)
    assert isinstance(both, Record)
    assert both.slots["a"] == Slot(Choice(("a", "b")), required=True)
    assert both.slots["b"] == Slot(Maybe(B), sometimes=True)


def test_shapes_are_told_in_words() -> None:
    assert described(Maybe(ListOf(OURS))) == "array of 'a' | 'b' or null"
