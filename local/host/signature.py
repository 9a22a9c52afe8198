"""Whether a function's parameters agree with its bindings, by the rules of Azure's Python worker."""

import inspect
import typing
from collections.abc import Callable, Sequence
from typing import Any

import azure.functions as func

from local.host.settings import StartError

_RETURN = "$return"
_SERVED = {"httpTrigger", "queueTrigger", "timerTrigger"}


def check_signature(name: str, call: Callable[..., Any], bindings: Sequence[Any]) -> None:
    """Raises StartError where Azure's worker would not load the function, or this host cannot run it."""
    annotations = _annotations(name, call)
    bound = {binding.name: binding for binding in bindings if binding.name != _RETURN}
    _check_names(name, set(inspect.signature(call).parameters), set(bound))
    for binding in bindings:
        if binding.name == _RETURN:
            _check_return(name, binding, annotations)
        else:
            _check_input(name, binding, annotations)
    context = annotations.get("context")
    if context is not None and "context" not in bound and getattr(context, "__name__", "") != "Context":
        raise StartError(f"the parameter context of function {name} must be an azure.functions.Context")


def wants_context(call: Callable[..., Any], bindings: Sequence[Any]) -> bool:
    """Whether the function takes the invocation's context, in a parameter of just that name."""
    parameters = inspect.signature(call).parameters
    return "context" in parameters and all(binding.name != "context" for binding in bindings)


def _annotations(name: str, call: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(call)
    except NameError as error:
        raise StartError(
            f"an annotation of function {name} cannot be resolved ({error}): import the type at run time, "
            "not only for type checking"
        ) from error


def _check_names(name: str, parameters: set[str], bound: set[str]) -> None:
    unbound = parameters - bound - {"context"}
    if unbound:
        raise StartError(
            f"function {name} has parameters that no binding names: {', '.join(sorted(unbound))}"
        )
    missing = bound - parameters
    if missing:
        raise StartError(f"function {name} lacks a parameter for its bindings: {', '.join(sorted(missing))}")


def _check_input(name: str, binding: Any, annotations: dict[str, Any]) -> None:
    if binding.type not in _SERVED:
        raise StartError(
            f"function {name} has the binding {binding.name} of type {binding.type}, which the local host "
            "does not serve: use the SDK in the function"
        )
    if binding.name not in annotations:
        return
    annotation = annotations[binding.name]
    converter = func.get_binding_registry().get(binding.type)
    if not isinstance(annotation, type) or not converter.check_input_type_annotation(annotation):
        shown = getattr(annotation, "__name__", repr(annotation))
        raise StartError(
            f"the parameter {binding.name} of function {name} is annotated {shown}, which a {binding.type} "
            "does not give"
        )


def _check_return(name: str, binding: Any, annotations: dict[str, Any]) -> None:
    if binding.type != "http":
        raise StartError(f"function {name} returns a {binding.type}, which the local host does not serve")
    annotation = annotations.get("return")
    if annotation is None:
        return
    converter = func.get_binding_registry().get(binding.type)
    if not isinstance(annotation, type) or not converter.check_output_type_annotation(annotation):
        shown = getattr(annotation, "__name__", repr(annotation))
        raise StartError(f"function {name} returns {shown}: an HTTP function returns HttpResponse or str")
