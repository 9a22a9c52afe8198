"""The connection check: a line for each thing that an export needs, with what to do where it is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from functions.identity import Caller
from functions.organizations import Organizations
from functions.privileges import missing_privileges
from shared import log
from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import version, who_am_i
from shared.domain.connection import SignInLost
from shared.domain.errors import ServiceError
from shared.domain.ids import ObjectType
from shared.domain.preferences import ConnectionMode
from shared.entra.principals import TENANT
from shared.storage.attentions import AttentionStore

_SKEW_SECONDS = 60.0
_FEW_REQUESTS = 100
_RIGHTS = ("Create", "Read", "Write")
_READ_ANEW = timedelta()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    check: str
    ok: bool
    code: str
    message: str


@dataclass(slots=True)
class _Facts:
    """What earlier lines found out."""

    client: DataverseClient
    user_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class ConnectionCheck:
    """Looks at the tenant's own connection, step by step; what cannot be looked at says so."""

    def __init__(
        self,
        organizations: Organizations,
        attentions: AttentionStore,
        clock: Callable[[], datetime],
    ) -> None:
        self._organizations = organizations
        self._attentions = attentions
        self._clock = clock

    def run(self, caller: Caller) -> list[Line]:
        """All lines, in the order in which things depend on each other. All well: no banner is left."""
        lines = list(self._lines(caller))
        if all(line.ok for line in lines):
            self._attentions.clear(caller.tenant, TENANT)
        log.info("connection checked", failed=[line.code for line in lines if not line.ok])
        return lines

    def _lines(self, caller: Caller) -> Iterator[Line]:
        facts: list[_Facts] = []
        steps: list[tuple[str, Callable[[], Line]]] = [
            ("token", lambda: self._token(caller, facts)),
            ("whoAmI", lambda: _who_am_i(facts[0])),
            ("version", lambda: _version(facts[0])),
            *((f"privileges{each.title()}", _privileges(facts, each)) for each in ObjectType),
            ("clock", lambda: self._clock_skew(facts[0])),
            ("limits", lambda: _limits(facts[0])),
            *((f"bulk{each.title()}", self._bulk(caller, facts, each)) for each in ObjectType),
        ]
        broken = ""
        for name, step in steps:
            if broken:
                message = f"This was not looked at. Put “{broken}” right first, and check again."
                yield Line(name, ok=False, code="notChecked", message=message)
                continue
            try:
                yield step()
            except ServiceError as error:
                code = error.reason if isinstance(error, SignInLost) else error.code
                yield Line(name, ok=False, code=code, message=error.message)
                broken = name if name in {"token", "whoAmI"} else ""

    def _token(self, caller: Caller, facts: list[_Facts]) -> Line:
        mode = ConnectionMode.SERVICE_ACCOUNT
        self._organizations.fresh_token(caller.tenant, caller.user, mode)
        facts.append(_Facts(self._organizations.client(caller.tenant, caller.user, mode)))
        return _good("token", "Entra ID gives a fresh token for the connected account.")

    def _clock_skew(self, facts: _Facts) -> Line:
        try:
            theirs = parsedate_to_datetime(facts.headers.get("date", "")).astimezone(UTC)
        except ValueError:
            return _good("clock", "Dynamics does not say what time it is.", "unknown")
        seconds = abs((self._clock() - theirs).total_seconds())
        if seconds > _SKEW_SECONDS:
            message = (
                f"The clocks of this service and of Dynamics differ by {seconds:.0f} seconds. "
                "Tell whoever operates this service: tokens may be refused."
            )
            return Line("clock", ok=False, code="clockSkew", message=message)
        return _good("clock", f"The clocks differ by {seconds:.0f} seconds.")

    def _bulk(self, caller: Caller, facts: list[_Facts], object_type: ObjectType) -> Callable[[], Line]:
        def check() -> Line:
            table = self._organizations.table(caller.tenant, object_type, facts[0].client, _READ_ANEW)
            name = f"bulk{object_type.title()}"
            if table.bulk_create and table.bulk_update:
                return _good(name, "Many records are written in one request.")
            return _good(name, "Records are written in batches, which is slower.", "bulkMissing")

        return check


def _who_am_i(facts: _Facts) -> Line:
    answer = facts.client.send(who_am_i())
    facts.user_id = str(answer.json()["UserId"])
    facts.headers = dict(answer.headers)
    return _good("whoAmI", "Dynamics knows the connected account.")


def _version(facts: _Facts) -> Line:
    found: dict[str, Any] = facts.client.send(version()).json()
    return _good("version", f"The organization runs version {found['Version']}.")


def _privileges(facts: list[_Facts], object_type: ObjectType) -> Callable[[], Line]:
    wanted = [f"prv{right}{object_type.title()}" for right in _RIGHTS]
    name = f"privileges{object_type.title()}"

    def check() -> Line:
        missing = missing_privileges(facts[0].client, facts[0].user_id, wanted)
        if not missing:
            return _good(name, f"The connected account may create, read and change {object_type}s.")
        message = (
            f"The connected account lacks {', '.join(missing)} on table {object_type}. "
            "Ask your Dynamics administrator for a security role that contains them."
        )
        return Line(name, ok=False, code="privilegeMissing", message=message)

    return check


def _limits(facts: _Facts) -> Line:
    left = facts.client.allowance.requests_left
    if left is None:
        return _good("limits", "Dynamics does not say how many requests are left.", "unknown")
    if left < _FEW_REQUESTS:
        message = (
            f"Dynamics takes {left} more requests of this account in the next minutes. "
            "Exports go on by themselves, slower; other programs may be using the same account."
        )
        return Line("limits", ok=False, code="limitNear", message=message)
    return _good("limits", f"Dynamics takes {left} more requests in the next five minutes.")


def _good(check: str, message: str, code: str = "ok") -> Line:
    return Line(check, ok=True, code=code, message=message)
