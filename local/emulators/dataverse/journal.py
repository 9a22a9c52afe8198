"""The requests that an organization got: the latest ones in full, all of them as counts."""

import re
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

KEPT: Final = 10_000
TOLD: Final = [
    "prefer",
    "if-match",
    "if-none-match",
    "content-type",
    "accept",
    "odata-version",
    "odata-maxversion",
    "consistency",
    "user-agent",
    "callerobjectid",
    "mscrmcallerid",
    "x-ms-client-request-id",
]
CODE: Final = re.compile(rb'"code":"([^"]*)"')
KEY: Final = re.compile(r"\([^)]*\)")
VALUE: Final = re.compile(r"=[^&]*")
QUOTED: Final = re.compile(r"('|%27).*('|%27)")
KEY_VALUE: Final = re.compile(r"=(?![0-9a-fA-F-]{36}[,)]|'')[^,)/]+(?=[,)])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request; the values in query and keys are left out, for they may hold people's data."""

    at: float
    method: str
    path: str
    query: str
    status: int
    milliseconds: float
    records: int
    user: str
    number: int = 0  # 1 for the first request since the last reset
    code: str = ""  # of the refusal
    sent: int = 0  # bytes of the body that came
    answered: int = 0  # bytes of the body that went
    fault: str = ""  # what an order did to it
    headers: Mapping[str, str] = field(default_factory=dict)  # those that hold nothing secret

    def as_json(self) -> dict[str, Any]:
        """The entry as the control surface shows it; status 0 is a dropped connection."""
        return {
            "at": self.at,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "ms": round(self.milliseconds, 3),
            "records": self.records,
            "user": self.user,
            "number": self.number,
            "code": self.code,
        }


class Journal:
    """What came in since the last reset."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.total = 0
        self.records = 0
        self.by_shape: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()

    def add(self, entry: Entry) -> None:
        """Notes a request."""
        self.entries.append(entry)
        self.total += 1
        self.records += entry.records
        self.by_shape[f"{entry.method} {KEY.sub('()', entry.path)}"] += 1
        self.by_status[entry.status] += 1

    def stats(self) -> dict[str, Any]:
        """The counts."""
        return {
            "requests": self.total,
            "records": self.records,
            "throttled": self.by_status[429],
            "byShape": dict(self.by_shape),
            "byStatus": {str(status): number for status, number in self.by_status.items()},
        }


def names_only(query: str) -> str:
    """The names of a query's options."""
    return VALUE.sub("", query)


def without_texts(path: str) -> str:
    """A path whose keys show no values but ids."""
    return KEY_VALUE.sub("=", QUOTED.sub("''", path))


def told_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that a log may show; of the token only that there is one."""
    found = {name: headers[name] for name in headers if name in TOLD or name.startswith("mscrm.")}
    if "authorization" in headers:
        found["authorization"] = headers["authorization"].partition(" ")[0] + " (not shown)"
    return found


def error_code(status: int, body: bytes) -> str:
    """The code of a refusal's body; of a batch that of its first refusal."""
    found = CODE.search(body) if status >= 400 else None
    return found[1].decode("latin-1") if found else ""
