"""Reads messages of storage, and makes of them what the host and its Python worker give to functions."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import azure.functions as func
from azure.functions.meta import Datum
from defusedxml.ElementTree import fromstring


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as a queue gave it out."""

    id: str
    content: str
    dequeue_count: int
    pop_receipt: str
    inserted_on: datetime
    expires_on: datetime
    next_visible_on: datetime


class UndecodableError(Exception):
    """The text of the message is not what host.json's messageEncoding says it is."""


def read_messages(body: bytes) -> list[StoredMessage]:
    """The messages in the answer of a queue."""
    # Most questions find nothing: their answers are not worth a parser.
    if b"<QueueMessage>" not in body:
        return []
    return [_read({part.tag: part.text or "" for part in found}) for found in fromstring(body)]


def _read(parts: Mapping[str, str]) -> StoredMessage:
    return StoredMessage(
        id=parts["MessageId"],
        content=parts["MessageText"],
        dequeue_count=int(parts["DequeueCount"]),
        pop_receipt=parts["PopReceipt"],
        inserted_on=parsedate_to_datetime(parts["InsertionTime"]),
        expires_on=parsedate_to_datetime(parts["ExpirationTime"]),
        next_visible_on=parsedate_to_datetime(parts["TimeNextVisible"]),
    )


def decode_message(message: StoredMessage, *, base64_encoded: bool) -> Any:
    """What a queue function gets for `message`."""
    return _decode(
        _text(message.content, base64_encoded=base64_encoded),
        {
            "Id": Datum(message.id, "string"),
            "DequeueCount": Datum(message.dequeue_count, "int"),
            "InsertionTime": _time(message.inserted_on),
            "ExpirationTime": _time(message.expires_on),
            "NextVisibleTime": _time(message.next_visible_on),
            "PopReceipt": Datum(message.pop_receipt, "string"),
        },
    )


def message_by_hand(text: str) -> Any:
    """What a queue function gets when it is started through the admin API: a body and little else."""
    return _decode(text, {"DequeueCount": Datum(0, "int")})


def _decode(text: str, metadata: Mapping[str, Datum]) -> Any:
    converter = func.get_binding_registry().get("queueTrigger")
    return converter.decode(Datum(text, "string"), trigger_metadata=metadata)


def _text(content: str, *, base64_encoded: bool) -> str:
    if not base64_encoded:
        return content
    try:
        return base64.b64decode("".join(content.split()), validate=True).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError) as error:
        raise UndecodableError(str(error)) from error


def _time(moment: datetime) -> Datum:
    # The worker parses times only in this form.
    return Datum(moment.isoformat(), "string")
