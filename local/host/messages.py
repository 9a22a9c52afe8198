"""Makes the azure.functions.QueueMessage of a message in storage, as the host and its Python worker do."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import azure.functions as func
from azure.functions.meta import Datum
from azure.storage.queue import QueueMessage

_NEVER = datetime.max.replace(tzinfo=UTC)


class UndecodableError(Exception):
    """The text of the message is not what host.json's messageEncoding says it is."""


def decode_message(message: QueueMessage, *, base64_encoded: bool) -> Any:
    """What a queue function gets for `message`."""
    return _decode(
        _text(str(message.content), base64_encoded=base64_encoded),
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


def _time(moment: datetime | None) -> Datum:
    # The worker parses times only in this form.
    return Datum((moment or _NEVER).replace(tzinfo=UTC, microsecond=0).isoformat(), "string")
