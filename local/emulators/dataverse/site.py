"""Everything that one emulator serves: its organizations, each with journal, limits, latency and faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.emulators.dataverse.auth import Gatekeeper
from local.emulators.dataverse.clock import Clock
from local.emulators.dataverse.faults import FaultScript
from local.emulators.dataverse.journal import Journal
from local.emulators.dataverse.limits import Guard, Limits
from local.emulators.dataverse.organization import Organization
from local.emulators.dataverse.schema import Table
from local.emulators.dataverse.world import OrganizationSeed


@dataclass(slots=True)
class Latency:
    """Seconds that an answer takes, the emulator's own work among them."""

    request: float = 0.0
    record: float = 0.0


@dataclass(slots=True)
class Post:
    """One organization with what stands between it and its callers."""

    organization: Organization
    guard: Guard
    faults: FaultScript = field(default_factory=FaultScript)
    journal: Journal = field(default_factory=Journal)
    latency: Latency = field(default_factory=Latency)

    def reset(self) -> None:
        """Back to the state of the first start."""
        self.organization.reset()
        self.guard.limits = Limits()
        self.guard.forget()
        self.faults.orders.clear()
        self.journal = Journal()
        self.latency = Latency()


class Site:
    """The organizations by host, in the order of the world file."""

    def __init__(
        self,
        seeds: tuple[OrganizationSeed, ...],
        tables: Mapping[str, Table],
        *,
        state: Path | None,
        gatekeeper: Gatekeeper,
    ) -> None:
        self.clock: Clock = gatekeeper.clock
        self.gatekeeper = gatekeeper
        if state:
            state.mkdir(parents=True, exist_ok=True)
        self.posts = {
            seed.host: Post(
                Organization(seed, tables, state=state, clock=self.clock), Guard(self.clock.seconds)
            )
            for seed in seeds
        }

    def post(self, host: str) -> Post:
        """The organization that a Host header names; the first one for a loopback or unknown host."""
        return self.named(host) or next(iter(self.posts.values()))

    def named(self, host: str) -> Post | None:
        """The organization with this host or address; its `.api.` form is the same one."""
        plain = host.lower().removeprefix("https://").rstrip("/").partition(":")[0]
        return self.posts.get(plain) or self.posts.get(plain.replace(".api.", ".", 1))

    def close(self) -> None:
        """Closes every database."""
        for post in self.posts.values():
            post.organization.store.close()
