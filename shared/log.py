"""Writes events as one line of JSON each, with their context and without secrets."""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from shared.redaction import redact, redact_field

LOGGER = "dynamics_export"
"""Where the events are written, for whoever listens."""

_logger = logging.getLogger(LOGGER)
_context: ContextVar[MappingProxyType[str, str]] = ContextVar("log_context", default=MappingProxyType({}))
_TALKATIVE = ("azure", "msal", "urllib3")


def configure(level: int = logging.INFO) -> None:
    """Sets the level of our events and keeps the libraries, which may name addresses, to warnings.

    No handler is added: the Functions host has its own.
    """
    _logger.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def context(**fields: str) -> Iterator[None]:
    """Adds fields (tenant, export, chunk, invocation) to every event that is written inside."""
    token = _context.set(MappingProxyType({**_context.get(), **fields}))
    try:
        yield
    finally:
        _context.reset(token)


def add(**fields: str) -> None:
    """Adds fields to every event until the context around ends."""
    _context.set(MappingProxyType({**_context.get(), **fields}))


def debug(event: str, **fields: object) -> None:
    """For whoever develops the service; not written in production."""
    _write(logging.DEBUG, event, fields)


def info(event: str, **fields: object) -> None:
    """What a support person needs. The event is in the past tense, its values are fields."""
    _write(logging.INFO, event, fields)


def warning(event: str, **fields: object) -> None:
    """Someone should look."""
    _write(logging.WARNING, event, fields)


def error(event: str, **fields: object) -> None:
    """We failed and gave up."""
    _write(logging.ERROR, event, fields)


def exception(event: str, problem: BaseException, **fields: object) -> None:
    """A failure with its traceback."""
    text = "".join(traceback.format_exception(problem))
    _write(logging.ERROR, event, {**fields, "traceback": text})


def line(event: str, fields: dict[str, object]) -> str:
    """The event, its context and its fields as one line of JSON without secrets."""
    every = {**_context.get(), **fields}
    redacted = {name: redact_field(name, value) for name, value in every.items()}
    return json.dumps({"event": redact(event), **redacted}, ensure_ascii=False, default=str)


def _write(level: int, event: str, fields: dict[str, object]) -> None:
    if _logger.isEnabledFor(level):
        _logger.log(level, "%s", line(event, fields), stacklevel=3)
