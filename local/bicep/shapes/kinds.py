"""Shapes: what a value may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

from local.bicep.shapes.bounds import Bounds


class Scalar(StrEnum):
    """A plain value. ANY fits everything: nothing is known about it."""

    STRING = "string"
    INT = "int"
    BOOL = "bool"
    NULL = "null"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these texts or numbers. An open one also takes a text that is only known when it is deployed."""

    values: tuple[str | int, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with any keys."""

    value: "Shape"


@dataclass(frozen=True, slots=True)
class Maybe:
    """A value or null."""

    of: "Shape"


@dataclass(frozen=True, slots=True)
class ModelOf:
    """An object of Azure's by its model. Models refer to each other, so they are opened when needed."""

    model: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A property: what may stand there, whether it has to or must not be written, or is not always there."""

    shape: "Shape"
    required: bool = False
    readonly: bool = False
    sometimes: bool = False
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these properties and no others. `variants`: by the value of the property `told_by`."""

    name: str
    slots: Mapping[str, Slot]
    told_by: str | None = None
    variants: Mapping[str, "Shape"] = field(default_factory=dict)


Shape = Scalar | Choice | ListOf | MapOf | Maybe | ModelOf | Record


def described(shape: Shape) -> str:
    """The shape in words."""
    match shape:
        case Scalar():
            return f"{shape.value}"
        case Choice(values):
            return " | ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values[:8])
        case ListOf(item):
            return f"array of {described(item)}"
        case Maybe(of):
            return f"{described(of)} or null"
        case ModelOf(model):
            return f"object ({model.partition('.')[2]})"
        case Record(name):
            return f"object ({name})"
    return "object"


def joined(first: Shape, second: Shape) -> Shape:
    """What holds both: of two records, a property that only one has may be null."""
    if first == second or (second is Scalar.NULL and isinstance(first, Maybe)):
        return first
    if first is Scalar.NULL:
        return second if isinstance(second, Maybe) else Maybe(second)
    if second is Scalar.NULL:
        return Maybe(first)
    if isinstance(first, Maybe) or isinstance(second, Maybe):
        return Maybe(joined(_present(first), _present(second)))
    match first, second:
        case Choice(), Choice() if EMPTY in (first, second) or _broad(first) == _broad(second):
            return Choice(tuple(dict.fromkeys((*first.values, *second.values))), first.open or second.open)
        case ListOf(one), ListOf(other):
            return (
                ListOf(joined(one, other))
                if EMPTY not in (one, other)
                else ListOf(one if other == EMPTY else other)
            )
        case Record(), Record():
            return _joined_records(first, second)
        case MapOf(one), MapOf(other):
            return MapOf(joined(one, other))
    one, other = _broad(first), _broad(second)
    return one if one == other else Scalar.ANY


EMPTY = Choice(())
"""The item of an array in which nothing stands."""


def joined_all(shapes: list[Shape]) -> Shape:
    """What holds them all."""
    return reduce(joined, shapes, shapes[0]) if shapes else EMPTY


def _joined_records(first: Record, second: Record) -> Record:
    slots: dict[str, Slot] = {}
    for name in (*first.slots, *(name for name in second.slots if name not in first.slots)):
        one, other = first.slots.get(name), second.slots.get(name)
        if one and other:
            required, sometimes = one.required and other.required, one.sometimes or other.sometimes
            slots[name] = Slot(joined(one.shape, other.shape), required, sometimes=sometimes)
        elif only := one or other:
            slots[name] = Slot(
                only.shape if isinstance(only.shape, Maybe) else Maybe(only.shape), sometimes=True
            )
    return Record(first.name, slots)


def _present(shape: Shape) -> Shape:
    return shape.of if isinstance(shape, Maybe) else shape


def _broad(shape: Shape) -> Shape:
    if isinstance(shape, Choice) and shape.values:
        return Scalar.STRING if isinstance(shape.values[0], str) else Scalar.INT
    return shape


def fits(given: Shape, wanted: Shape) -> bool:
    """Whether a value of one shape may stand where the other is wanted; objects are compared elsewhere."""
    if Scalar.ANY in (given, wanted) or given == EMPTY:
        return True
    if isinstance(wanted, Maybe):
        return fits(_present(given), wanted.of) or given is Scalar.NULL
    match given, wanted:
        case Maybe(of), _:
            return fits(of, wanted)
        case Choice(values), Choice(allowed):
            return set(values) <= set(allowed) or (wanted.open and given.open)
        case Choice(), _:
            return _broad(given) == wanted
        case Scalar.STRING, Choice():
            return wanted.open and all(isinstance(value, str) for value in wanted.values)
        case ListOf(one), ListOf(other):
            return fits(one, other)
        case ((Record() | MapOf() | ModelOf()), (Record() | MapOf() | ModelOf())):
            return True
    return given == wanted
