"""The form in which Entra ID says why it refuses."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.emulators.entra.refusals import REFUSALS


class EntraError(Exception):
    """One refusal, its message filled in; the endpoint decides whether JSON, a page or a redirect says it."""

    def __init__(self, code: int, **values: str) -> None:
        """Take the sentence of `code` from the table, which has to know it."""
        self.code = code
        self.refusal = REFUSALS[code]
        self.message = f"AADSTS{code}: {self.refusal.message.format(**values)}"
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Incident:
    """When and under which ids a request was answered, as Entra's errors and headers name them."""

    trace_id: str
    correlation_id: str
    timestamp: str

    def describe(self, error: EntraError) -> str:
        """The `error_description`: the sentence, then the three lines a support person asks for."""
        return (
            f"{error.message}\r\nTrace ID: {self.trace_id}\r\nCorrelation ID: {self.correlation_id}"
            f"\r\nTimestamp: {self.timestamp}"
        )

    def body(self, error: EntraError) -> dict[str, Any]:
        """The JSON that the token endpoint answers with."""
        body: dict[str, Any] = {
            "error": error.refusal.error,
            "error_description": self.describe(error),
            "error_codes": [error.code],
            "timestamp": self.timestamp,
            "trace_id": self.trace_id,
            "correlation_id": self.correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={error.code}",
        }
        if error.refusal.suberror:
            body["suberror"] = error.refusal.suberror
        return body


def stamp(moment: float) -> str:
    """A moment as Entra writes it in errors: `2016-01-09 02:02:12Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
