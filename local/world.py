"""The demo world as the stack needs it: the vendor's tenants, the people who can sign in, the application."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORLD_FILE = Path(__file__).with_name("world.json")


@dataclass(frozen=True, slots=True)
class World:
    """What of world.json the stack passes on."""

    organization_url: str
    client_id: str
    client_secret: str
    demo: dict[str, Any]


def read_world(file: Path = WORLD_FILE) -> World:
    """The world in a file of the form of world.json."""
    content = json.loads(file.read_text(encoding="utf-8"))
    application = content["applications"][0]
    return World(
        organization_url=content["tenants"][0]["organizationUrl"],
        client_id=application["id"],
        client_secret=application["secret"],
        demo={"tenants": content["tenants"], "people": _people(content)},
    )


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """The first organization with the application that may call it."""

    url: str
    directory: str
    client_id: str
    client_secret: str


def read_organization(file: Path = WORLD_FILE) -> DemoOrganization:
    """The first organization of a world file."""
    content = json.loads(file.read_text(encoding="utf-8"))
    organization, application = content["organizations"][0], content["applications"][0]
    return DemoOrganization(
        organization["url"], organization["directory"], application["id"], application["secret"]
    )


def _people(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Everybody who can try to sign in at the emulated Entra ID, with the directory that knows them."""
    return [
        {**user, "directory": directory["domain"]}
        for directory in content["directories"]
        for user in directory["users"]
    ]
