"""The directories, people, applications and organizations that world.json describes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class User:
    """One person of a directory."""

    id: str
    directory: str
    email: str
    name: str
    is_global_admin: bool
    enabled: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """One Entra ID tenant."""

    id: str
    domain: str
    name: str
    user_consent_allowed: bool
    users: tuple[User, ...]

    def answers_to(self, segment: str) -> bool:
        """Whether a URL's tenant segment names this directory, by its id or one of its domains."""
        return segment.lower() in {self.id, *self.domains()}

    def domains(self) -> set[str]:
        """The initial domain and those of the people's addresses."""
        return {self.domain, *(user.email.partition("@")[2] for user in self.users)}


@dataclass(frozen=True, slots=True)
class Application:
    """One multi-tenant registration; it trusts the managed identities with the `federated_identities` ids."""

    id: str
    name: str
    secret: str
    redirect_uris: tuple[str, ...]
    federated_identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """One user-assigned identity of the machine that runs the product."""

    name: str
    client_id: str
    object_id: str
    directory: str


@dataclass(frozen=True, slots=True)
class Organization:
    """One Dataverse environment: the resource that tokens are for."""

    url: str
    directory: str


@dataclass(frozen=True, slots=True)
class Caller:
    """One person of the vendor's own product, who gets a caller's token."""

    id: str
    tenant: str
    name: str
    email: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything that exists when the emulator starts."""

    directories: tuple[Directory, ...]
    applications: tuple[Application, ...]
    managed_identities: tuple[ManagedIdentity, ...]
    organizations: tuple[Organization, ...]
    callers: tuple[Caller, ...]

    def directory(self, segment: str) -> Directory | None:
        """The directory that a URL's tenant segment names."""
        return next((found for found in self.directories if found.answers_to(segment)), None)

    def users(self) -> Iterator[User]:
        """Everybody, directory by directory."""
        for directory in self.directories:
            yield from directory.users

    def user(self, name: str) -> User | None:
        """The person with this object id or e-mail address."""
        wanted = name.strip().lower()
        return next((user for user in self.users() if wanted in {user.id, user.email.lower()}), None)

    def application(self, client_id: str) -> Application | None:
        """The registration with this client id."""
        return next((found for found in self.applications if found.id == client_id.lower()), None)

    def with_redirect_uris(self, uris: tuple[str, ...]) -> "World":
        """The same world where every application may also return to these addresses."""
        applications = tuple(
            replace(application, redirect_uris=application.redirect_uris + uris)
            for application in self.applications
        )
        return replace(self, applications=applications)


def read_world(path: Path) -> World:
    """The world of a file; raises ValueError with the file's name where it is not one."""
    try:
        return _world(json.loads(path.read_text("utf-8")))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} does not describe a world ({error!r}): compare it with local/world.json."
        ) from error


def _world(raw: dict[str, Any]) -> World:
    return World(
        directories=tuple(_directory(item) for item in raw["directories"]),
        applications=tuple(_application(item) for item in raw["applications"]),
        managed_identities=tuple(_managed_identity(item) for item in raw.get("managedIdentities", [])),
        organizations=tuple(
            Organization(url=item["url"].rstrip("/").lower(), directory=item["directory"])
            for item in raw["organizations"]
        ),
        callers=tuple(_caller(item["id"], user) for item in raw["tenants"] for user in item["users"]),
    )


def _directory(raw: dict[str, Any]) -> Directory:
    return Directory(
        id=raw["id"],
        domain=raw["domain"],
        name=raw["name"],
        user_consent_allowed=raw.get("userConsentAllowed", False),
        users=tuple(_user(raw["id"], item) for item in raw["users"]),
    )


def _user(directory: str, raw: dict[str, Any]) -> User:
    return User(
        id=raw["id"],
        directory=directory,
        email=raw["email"],
        name=raw["name"],
        is_global_admin=raw.get("globalAdmin", False),
        enabled=raw.get("enabled", True),
    )


def _application(raw: dict[str, Any]) -> Application:
    return Application(
        id=raw["id"],
        name=raw["name"],
        secret=raw["secret"],
        redirect_uris=tuple(raw.get("redirectUris", [])),
        federated_identities=tuple(raw.get("federatedIdentities", [])),
    )


def _managed_identity(raw: dict[str, Any]) -> ManagedIdentity:
    return ManagedIdentity(
        name=raw["name"], client_id=raw["clientId"], object_id=raw["objectId"], directory=raw["directory"]
    )


def _caller(tenant: str, raw: dict[str, Any]) -> Caller:
    return Caller(
        id=raw["id"],
        tenant=tenant,
        name=raw["name"],
        email=raw["email"],
        is_admin=raw.get("admin", False),
    )
