"""Tells how a request got lost on the network: before it was sent, in silence, or halfway."""

import requests
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

LOST = (
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def never_sent(error: Exception) -> bool:
    """Whether no byte of the request can have reached the organization."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)


def timed_out(error: Exception) -> bool:
    """Whether the organization is silent; requests reports a silent body as a lost connection."""
    cause = error.args[0] if error.args else None
    return isinstance(error, requests.exceptions.ReadTimeout) or isinstance(cause, ReadTimeoutError)
