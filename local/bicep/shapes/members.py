"""What is read from a value: a property by its name, or an item by an index."""

from collections.abc import Mapping

from local.bicep.judgement import Judgement
from local.bicep.shapes.azure import opened
from local.bicep.shapes.kinds import (
    Choice,
    ListOf,
    MapOf,
    ModelOf,
    Record,
    Scalar,
    Shape,
    Slot,
    described,
    fits,
    joined_all,
)
from local.bicep.syntax.tree import Index, Member


def property_of(judgement: Judgement, node: Member, of: Shape) -> Shape:
    """The shape of a property; what has none is reported."""
    of = opened(of) if isinstance(of, ModelOf) else of
    match of:
        case Record():
            return _of_record(judgement, node, of)
        case MapOf(value):
            return value
        case Scalar.ANY:
            return Scalar.ANY
    what = f"A value of type {described(of)} has no properties."
    judgement.report(node.at, what, "Read it from an object.")
    return Scalar.ANY


def _of_record(judgement: Judgement, node: Member, record: Record) -> Shape:
    slot = record.slots.get(node.name) or record.slots.get("*")
    if slot is None:
        what = f"{described(record)} has no property {node.name!r}."
        judgement.unknown(node.at, what, node.name, record.slots)
        return Scalar.ANY
    if slot.sometimes and not node.safe:
        what = f"Not every value that this may be has the property {node.name!r}."
        judgement.report(node.at, what, "Give it to all of them, or read it by .?")
    return slot.shape


def item_of(judgement: Judgement, node: Index, of: Shape, key: Shape) -> Shape:
    """The shape of an item of an array, or of a property of an object whose name is worked out."""
    match of:
        case ListOf(item):
            if not fits(key, Scalar.INT):
                judgement.report(node.at, "An array is read by a number.", "Give it the index.")
            return item
        case MapOf(value):
            return value
        case Record(_, slots) if isinstance(key, Choice):
            return _chosen(judgement, node, slots, key)
    return Scalar.ANY


def _chosen(judgement: Judgement, node: Index, slots: Mapping[str, Slot], key: Choice) -> Shape:
    for value in key.values:
        if value not in slots:
            judgement.unknown(node.at, f"The object has no property {value!r}.", str(value), slots)
    return joined_all(
        [slots[value].shape for value in key.values if isinstance(value, str) and value in slots]
    )
