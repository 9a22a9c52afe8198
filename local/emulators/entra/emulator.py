"""The parts of one running emulator, and where it is."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from local.emulators.entra.clock import Clock
from local.emulators.entra.directory import Application, Directory, World
from local.emulators.entra.errors import EntraError, Incident
from local.emulators.entra.faults import Faults
from local.emulators.entra.journal import Journal
from local.emulators.entra.keys import KeyRing, Seal
from local.emulators.entra.ledger import Ledger
from local.emulators.entra.pages import Pages
from local.emulators.entra.tokens import Moment

SHARED_SEGMENTS = frozenset({"organizations", "common"})
# "National clouds": the sign-in hosts under which a discovery document may be asked for.
CLOUD_HOSTS = frozenset(
    {"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"}
)


@dataclass(frozen=True, slots=True)
class Tenancy:
    """Whom a URL's tenant segment names: one directory, or everybody's (`directory` is None)."""

    segment: str
    directory: Directory | None


@dataclass(frozen=True, slots=True)
class Emulator:
    """Everything a handler needs; reached as `emulator_of(request)`."""

    address: str
    world: World
    clock: Clock
    ledger: Ledger
    keys: KeyRing
    caller_keys: KeyRing
    seal: Seal
    pages: Pages
    faults: Faults
    journal: Journal

    def tenancy(self, segment: str) -> Tenancy:
        """The tenancy of a URL; refuses unknown directories and personal accounts."""
        if segment.lower() == "consumers":
            raise EntraError(9002332)
        if segment.lower() in SHARED_SEGMENTS:
            return Tenancy(segment.lower(), None)
        directory = self.world.directory(segment)
        if directory is None:
            raise EntraError(90002, tenant=segment)
        return Tenancy(directory.id, directory)

    def application(self, client_id: str, tenancy: Tenancy) -> Application:
        """The registration that a request names; refuses a missing or unknown one."""
        if not client_id:
            raise EntraError(900144, parameter="client_id")
        application = self.world.application(client_id)
        known = tenancy.directory is None or self.ledger.knows_applications(tenancy.directory)
        if application is None or not known:
            where = tenancy.directory.name if tenancy.directory else tenancy.segment
            raise EntraError(700016, client_id=client_id, tenant=where)
        return application

    def home_directory(self, user_id: str) -> Directory:
        """The directory of a person who is known to exist."""
        return next(
            directory
            for directory in self.world.directories
            if any(user.id == user_id for user in directory.users)
        )

    def moment(self) -> Moment:
        """Now, with the access tokens' lifetime."""
        return Moment(self.clock.now(), self.ledger.settings.access_token_lifetime)


def create_emulator(address: str, world: World, state: Path | None) -> Emulator:
    """An emulator that keeps keys and ledger in the folder `state`, or nothing where it is None."""
    if state:
        state.mkdir(parents=True, exist_ok=True)
    try:
        return _assemble(address, world, state)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"what {state} keeps cannot be read ({error!r}); delete that folder to start afresh."
        ) from error


def emulator_of(request: Request) -> Emulator:
    """The emulator that answers this request."""
    emulator: Emulator = request.app.state.emulator
    return emulator


def incident_of(request: Request) -> Incident:
    """The ids under which this request is answered."""
    incident: Incident = request.state.incident
    return incident


def _assemble(address: str, world: World, state: Path | None) -> Emulator:
    return Emulator(
        address=address,
        world=world,
        clock=Clock(),
        ledger=Ledger(state and state / "ledger.json"),
        keys=KeyRing(state and state / "signing-keys.pem"),
        caller_keys=KeyRing(state and state / "caller-keys.pem"),
        seal=Seal(state and state / "seal.key"),
        pages=Pages(),
        faults=Faults(),
        journal=Journal(),
    )
