"""What changes while the emulator runs: consents, people's states, revocations, spent codes."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.emulators.entra.directory import Directory, User
from local.emulators.entra.keys import write_private

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Consent:
    """One grant in one directory: to an application, for an API, by a person or for `EVERYBODY`."""

    directory: str
    client_id: str
    api: str
    principal: str
    permissions: tuple[str, ...]


@dataclass(slots=True)
class Person:
    """What was changed about one person; None means as in world.json."""

    enabled: bool | None = None
    mfa_required: bool = False
    blocked_by_policy: bool = False
    tokens_valid_from: float = 0.0


@dataclass(slots=True)
class Settings:
    """What the control surface can set for the whole emulator."""

    # The value of the documentation's examples; Entra itself gives 60 to 90 minutes at random.
    access_token_lifetime: int = 3599
    strict_rotation: bool = False


@dataclass(slots=True)
class Content:
    """Everything of the ledger that a restart keeps."""

    consents: list[Consent] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    user_consent: dict[str, bool] = field(default_factory=dict)
    without_application: dict[str, bool] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    spent: dict[str, float] = field(default_factory=dict)


class Ledger:
    """The changeable state, written to a file after every change where there is one."""

    def __init__(self, path: Path | None) -> None:
        """Continue where the file ends, or start empty."""
        self._path = path
        self._content = _read(path) if path and path.exists() else Content()

    @property
    def settings(self) -> Settings:
        """The settings now; call `save` after changing them."""
        return self._content.settings

    def save(self) -> None:
        """Write the file, where there is one."""
        if self._path:
            write_private(self._path, json.dumps(asdict(self._content), indent=1))

    def reset(self) -> None:
        """Back to world.json: no consents, no changes, default settings."""
        self._content = Content()
        self.save()

    def person(self, user: User) -> Person:
        """What was changed about this person; call `save` after changing it."""
        return self._content.people.setdefault(user.id, Person())

    def is_enabled(self, user: User) -> bool:
        """Whether this person may sign in."""
        changed = self.person(user).enabled
        return user.enabled if changed is None else changed

    def allows_user_consent(self, directory: Directory) -> bool:
        """Whether people who are no Global Admin may consent for themselves."""
        return self._content.user_consent.get(directory.id, directory.user_consent_allowed)

    def set_user_consent(self, directory: Directory, *, allowed: bool) -> None:
        """Let people of a directory consent for themselves, or not."""
        self._content.user_consent[directory.id] = allowed
        self.save()

    def knows_applications(self, directory: Directory) -> bool:
        """Whether applications of other publishers can be found in the directory."""
        return not self._content.without_application.get(directory.id, False)

    def set_application_missing(self, directory: Directory, *, missing: bool) -> None:
        """Let the directory know no application, or those of world.json again."""
        self._content.without_application[directory.id] = missing
        self.save()

    def consents(self) -> tuple[Consent, ...]:
        """All grants, oldest first."""
        return tuple(self._content.consents)

    def grant(self, consent: Consent) -> None:
        """Record a grant; the same one twice is one."""
        if consent not in self._content.consents:
            self._content.consents.append(consent)
            self.save()

    def revoke(self, directory: str, client_id: str) -> int:
        """Remove an application's grants in a directory, and say how many there were."""
        before = len(self._content.consents)
        self._content.consents = [
            consent
            for consent in self._content.consents
            if (consent.directory, consent.client_id) != (directory, client_id)
        ]
        self.save()
        return before - len(self._content.consents)

    def covers(self, wanted: Consent) -> bool:
        """Whether the grants of this person and of everybody contain all that is wanted."""
        allowed = {
            name
            for consent in self._content.consents
            if (consent.directory, consent.client_id, consent.api)
            == (wanted.directory, wanted.client_id, wanted.api)
            and consent.principal in {wanted.principal, EVERYBODY}
            for name in consent.permissions
        }
        return allowed.issuperset(wanted.permissions)

    def is_installed(self, directory: Directory, client_id: str) -> bool:
        """Whether the application has a service principal in the directory: somebody consented to it."""
        return any(
            (consent.directory, consent.client_id) == (directory.id, client_id) for consent in self.consents()
        )

    def spend(self, grant_id: str, *, until: float, now: float) -> bool:
        """Mark a single-use grant as used until it would expire anyway; False where it was used before."""
        self._content.spent = {name: end for name, end in self._content.spent.items() if end > now}
        if grant_id in self._content.spent:
            return False
        self._content.spent[grant_id] = until
        self.save()
        return True


def _read(path: Path) -> Content:
    raw = json.loads(path.read_text("utf-8"))
    consents = [Consent(**(item | {"permissions": tuple(item["permissions"])})) for item in raw["consents"]]
    return Content(
        consents=consents,
        people={name: Person(**item) for name, item in raw["people"].items()},
        user_consent=raw["user_consent"],
        without_application=raw.get("without_application", {}),
        settings=Settings(**raw["settings"]),
        spent=raw["spent"],
    )
