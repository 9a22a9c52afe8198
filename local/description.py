"""What a running stack tells programs about itself, in stack.json of its state folder."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from local.errors import DevError

FILE_NAME = "stack.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackDescription:
    """Addresses, process ids and the demo world of one stack."""

    api: str
    portal: str
    organization_url: str
    dataverse: str
    entra: str
    storage_connection_string: str
    pids: Mapping[str, int]
    demo: Mapping[str, Any]
    traces: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in the file."""
        return {
            "api": self.api,
            "portal": self.portal,
            "organizationUrl": self.organization_url,
            "dataverse": self.dataverse,
            "entra": self.entra,
            "storageConnectionString": self.storage_connection_string,
            "pids": dict(self.pids),
            "demo": dict(self.demo),
            **({"traces": self.traces} if self.traces else {}),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """The description that to_json wrote."""
        return cls(
            api=content["api"],
            portal=content["portal"],
            organization_url=content["organizationUrl"],
            dataverse=content["dataverse"],
            entra=content["entra"],
            storage_connection_string=content["storageConnectionString"],
            pids=content["pids"],
            demo=content["demo"],
            traces=content.get("traces"),
        )


def address_table(stack: StackDescription) -> str:
    """What there is to look at, one address a line."""
    rows = {
        "Portal": stack.portal,
        "API, to read and try": f"{stack.api}/docs",
        "API's description": f"{stack.api}/openapi.json",
        "API's health": f"{stack.api}/health",
        "Entra ID emulator": stack.entra,
        "Dataverse emulator": stack.dataverse,
        **({"Traces and metrics": stack.traces} if stack.traces else {}),
    }
    return "\n".join(f"  {name:<22}{address}" for name, address in rows.items())


def publish(description: StackDescription, state: Path) -> None:
    """Writes the file at once, so that nobody reads half of it."""
    draft = state / f"{FILE_NAME}.new"
    draft.write_text(json.dumps(description.to_json(), indent=2) + "\n", encoding="utf-8")
    draft.replace(state / FILE_NAME)


def withdraw(state: Path) -> None:
    """Removes the file: the stack no longer answers."""
    (state / FILE_NAME).unlink(missing_ok=True)


def running_in(state: Path) -> StackDescription:
    """The stack whose state is in the folder; an error where none runs."""
    try:
        content = json.loads((state / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = None
    # A stack that was killed leaves its file behind.
    if content is None or not _is_alive(content["pids"]["stack"]):
        raise DevError(f"no stack is running with its state in {state}; start one with './dev up'.")
    return StackDescription.from_json(content)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
