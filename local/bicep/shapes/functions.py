"""The functions that Bicep has: how many arguments they take, and the shape of what they give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.bicep.shapes.kinds import (
    Choice,
    ListOf,
    MapOf,
    Record,
    Scalar,
    Shape,
    Slot,
    joined_all,
)

_S = Scalar.STRING
_ANY = Scalar.ANY


@dataclass(frozen=True, slots=True)
class Function:
    """`most` None: any number of arguments. `gives` may look at the shapes of the arguments."""

    least: int
    most: int | None
    gives: Shape | Callable[[Sequence[Shape]], Shape]

    def result(self, arguments: Sequence[Shape]) -> Shape:
        """The shape of what a call gives."""
        return self.gives(arguments) if callable(self.gives) else self.gives


def _record(name: str, /, **slots: Shape) -> Record:
    return Record(name, {key: Slot(shape) for key, shape in slots.items()})


def _item(arguments: Sequence[Shape]) -> Shape:
    first = arguments[0]
    return first.item if isinstance(first, ListOf) else _S if first is _S else _ANY


def _same(arguments: Sequence[Shape]) -> Shape:
    first = arguments[0]
    return _S if isinstance(first, Choice) else first


def _items(arguments: Sequence[Shape]) -> Shape:
    first = arguments[0]
    value: Shape = _ANY
    if isinstance(first, Record):
        value = joined_all([slot.shape for slot in first.slots.values()])
    if isinstance(first, MapOf):
        value = first.value
    return ListOf(_record("item", key=_S, value=value))


def _merged(arguments: Sequence[Shape]) -> Shape:
    """Of records, one with the properties of all; of arrays, one of all items."""
    if all(isinstance(each, Record) for each in arguments):
        slots: dict[str, Slot] = {}
        for each in arguments:
            slots |= each.slots if isinstance(each, Record) else {}
        return Record("union", slots)
    return _concatenated(arguments)


def _concatenated(arguments: Sequence[Shape]) -> Shape:
    items = [each.item for each in arguments if isinstance(each, ListOf)]
    return ListOf(joined_all(items)) if len(items) == len(arguments) else _ANY


_GROUP = _record("resourceGroup", id=_S, name=_S, location=_S, tags=MapOf(_S), type=_S)
_SUBSCRIPTION = _record("subscription", id=_S, subscriptionId=_S, tenantId=_S, displayName=_S)
_TENANT = _record("tenant", tenantId=_S, displayName=_S, countryCode=_S)
_SUFFIXES = _record("suffixes", storage=_S, keyvaultDns=_S, sqlServerHostname=_S, acrLoginServer=_S)
_LOGIN = _record("authentication", loginEndpoint=_S, audiences=ListOf(_S), tenant=_S)
_ENVIRONMENT = _record(
    "environment",
    name=Choice(("AzureCloud", "AzureUSGovernment", "AzureChinaCloud"), open=True),
    suffixes=_SUFFIXES,
    authentication=_LOGIN,
    resourceManager=_S,
    portal=_S,
    graph=_S,
)

FUNCTIONS = {
    "any": Function(1, 1, _ANY),
    "array": Function(1, 1, lambda given: ListOf(given[0])),
    "base64": Function(1, 1, _S),
    "bool": Function(1, 1, Scalar.BOOL),
    "cidrSubnet": Function(3, 3, _S),
    "coalesce": Function(1, None, lambda given: joined_all(list(given))),
    "concat": Function(1, None, _concatenated),
    "contains": Function(2, 2, Scalar.BOOL),
    "deployment": Function(0, 0, _ANY),
    "empty": Function(1, 1, Scalar.BOOL),
    "endsWith": Function(2, 2, Scalar.BOOL),
    "environment": Function(0, 0, _ENVIRONMENT),
    "filter": Function(2, 2, _same),
    "first": Function(1, 1, _item),
    "flatten": Function(1, 1, _ANY),
    "format": Function(1, None, _S),
    "guid": Function(1, None, _S),
    "int": Function(1, 1, Scalar.INT),
    "items": Function(1, 1, _items),
    "join": Function(2, 2, _S),
    "json": Function(1, 1, _ANY),
    "last": Function(1, 1, _item),
    "length": Function(1, 1, Scalar.INT),
    "loadJsonContent": Function(1, 3, _ANY),
    "loadTextContent": Function(1, 2, _S),
    "map": Function(2, 2, lambda given: ListOf(given[1])),
    "max": Function(1, None, Scalar.INT),
    "min": Function(1, None, Scalar.INT),
    "padLeft": Function(2, 3, _S),
    "range": Function(2, 2, ListOf(Scalar.INT)),
    "readEnvironmentVariable": Function(1, 2, _S),
    "replace": Function(3, 3, _S),
    "resourceGroup": Function(0, 2, _GROUP),
    "resourceId": Function(2, None, _S),
    "skip": Function(2, 2, _same),
    "sort": Function(2, 2, _same),
    "split": Function(2, 2, ListOf(_S)),
    "startsWith": Function(2, 2, Scalar.BOOL),
    "string": Function(1, 1, _S),
    "subscription": Function(0, 1, _SUBSCRIPTION),
    "subscriptionResourceId": Function(2, None, _S),
    "substring": Function(2, 3, _S),
    "take": Function(2, 2, _same),
    "tenant": Function(0, 0, _TENANT),
    "toLower": Function(1, 1, _S),
    "toObject": Function(2, 3, _ANY),
    "toUpper": Function(1, 1, _S),
    "trim": Function(1, 1, _S),
    "union": Function(2, None, _merged),
    "uniqueString": Function(1, None, _S),
    "uri": Function(2, 2, _S),
    "uriComponent": Function(1, 1, _S),
    "utcNow": Function(0, 1, _S),
}

DECORATORS = {
    "allowed": 1,
    "batchSize": 1,
    "description": 1,
    "export": 0,
    "maxLength": 1,
    "maxValue": 1,
    "metadata": 1,
    "minLength": 1,
    "minValue": 1,
    "sealed": 0,
    "secure": 0,
}
