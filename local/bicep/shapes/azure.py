"""The shapes of Azure's resources, from the table of facts."""

from functools import cache

from local.bicep.facts.models import Model
from local.bicep.facts.table import KnownType, load_facts
from local.bicep.shapes.kinds import Choice, ListOf, MapOf, ModelOf, Record, Scalar, Shape, Slot

_SCALARS = {
    "string": Scalar.STRING,
    "int": Scalar.INT,
    "number": Scalar.INT,
    "bool": Scalar.BOOL,
    "any": Scalar.ANY,
}
# What Bicep itself takes in every resource; the models know of none of them.
_EVERYWHERE = {
    "name": Slot(Scalar.STRING, required=True),
    "scope": Slot(Scalar.ANY),
    "parent": Slot(Scalar.ANY),
    "dependsOn": Slot(ListOf(Scalar.ANY)),
}
_READ_EVERYWHERE = {name: Slot(Scalar.STRING) for name in ("id", "name", "type", "apiVersion")}


def known_type(name: str) -> KnownType | None:
    """What the facts say about a resource type; None where they say nothing."""
    return load_facts().types.get(name.lower())


def written_shape(kind: KnownType) -> Record:
    """What a resource's object may hold."""
    written = opened(ModelOf(kind.written))
    if kind.written.startswith("graph."):
        return written
    unwritten = {name: slot for name, slot in written.slots.items() if name not in {"id", "type"}}
    return Record(kind.name, {**unwritten, **_EVERYWHERE})


def read_shape(kind: KnownType) -> Record:
    """What can be read from a resource."""
    return Record(kind.name, {**opened(ModelOf(kind.read)).slots, **_READ_EVERYWHERE})


@cache
def opened(shape: ModelOf) -> Record:
    """The model's properties."""
    model = load_facts().models[shape.model]
    variants: dict[str, Shape] = {value: ModelOf(name) for value, name in model.variants.items()}
    return Record(shape.model.partition(".")[2], _slots(model), model.told_by, variants)


def _slots(model: Model) -> dict[str, Slot]:
    """Properties by name, those below `properties` as a record of their own."""
    slots: dict[str, Slot] = {}
    below: dict[str, dict[str, Slot]] = {}
    for each in model.properties:
        slot = Slot(_shape(each.shape), each.required, each.readonly)
        if len(each.path) == 1:
            slots[each.path[0]] = slot
        else:
            below.setdefault(each.path[0], {})["/".join(each.path[1:])] = slot
    for name, inner in below.items():
        slots[name] = Slot(_nested(name, inner), required=any(slot.required for slot in inner.values()))
    # An object that takes any further key would hide every misspelling; the named ones are all that we use.
    others = slots.pop("*", None)
    return slots if slots or others is None else {"*": others}


def _nested(name: str, inner: dict[str, Slot]) -> Shape:
    flat = {key: slot for key, slot in inner.items() if "/" not in key}
    deep: dict[str, dict[str, Slot]] = {}
    for key, slot in inner.items():
        if "/" in key:
            first, rest = key.split("/", 1)
            deep.setdefault(first, {})[rest] = slot
    flat.update({key: Slot(_nested(key, slots)) for key, slots in deep.items()})
    return Record(name, flat)


def _shape(text: str) -> Shape:
    if text.startswith("="):
        return Choice(tuple(text[1:].split("|")), open=True)
    if text.startswith("["):
        return ListOf(_shape(text[1:-1]))
    if text.startswith("{"):
        return MapOf(_shape(text[1:-1]))
    if text in _SCALARS:
        return _SCALARS[text]
    return ModelOf(text) if text in load_facts().models else Scalar.ANY
