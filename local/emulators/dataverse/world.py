"""The demo world that both emulators share, as far as organizations and their members go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass(frozen=True, slots=True)
class Member:
    """One systemuser of an organization; `object_id` is the directory's id, empty for an application user."""

    id: str
    object_id: str
    application_id: str
    name: str
    email: str
    roles: tuple[str, ...]
    enabled: bool


@dataclass(frozen=True, slots=True)
class OrganizationSeed:
    """What the world says about one organization."""

    id: str
    url: str
    name: str
    directory: str
    members: tuple[Member, ...]

    @property
    def host(self) -> str:
        """The host that chooses the organization."""
        return urlsplit(self.url).netloc.lower()

    def derived_id(self, what: str) -> str:
        """The id of something that every organization has one of, the same in each run."""
        return str(uuid5(UUID(self.id), what))


class WorldFileError(ValueError):
    """A world file that cannot be used; the message names the file and what to correct."""


def load_world(path: Path) -> tuple[OrganizationSeed, ...]:
    """The organizations of the world file, in its order."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        people = {user["id"]: user for directory in content["directories"] for user in directory["users"]}
        found = tuple(_organization(one, people) for one in content["organizations"])
    except OSError as error:
        raise WorldFileError(f"{path} cannot be read: {error.strerror}. Check --world.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WorldFileError(
            f"{path} is no world file: {error!r}. It needs directories and organizations, each with users."
        ) from error
    if not found:
        raise WorldFileError(f"{path} names no organization. Add one to 'organizations'.")
    return found


def member(content: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]], namespace: str) -> Member:
    """One member as the world file or the control surface describes it."""
    object_id = str(content.get("directoryObjectId", "")).lower()
    application_id = str(content.get("applicationId", "")).lower()
    person = people.get(object_id, {})
    seed = object_id or application_id or str(content.get("email", ""))
    return Member(
        id=content.get("systemUserId") or str(uuid5(uuid5(NAMESPACE_URL, namespace), seed)),
        object_id=object_id,
        application_id=application_id,
        name=content.get("name") or person.get("name") or f"# {application_id or seed}",
        email=content.get("email") or person.get("email") or "",
        roles=tuple(content.get("roles", ())),
        enabled=bool(content.get("enabled", True)),
    )


def _organization(content: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> OrganizationSeed:
    return OrganizationSeed(
        id=content["id"],
        url=content["url"].rstrip("/"),
        name=content["name"],
        directory=content["directory"],
        members=tuple(member(one, people, content["id"]) for one in content.get("users", ())),
    )
