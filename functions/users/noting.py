"""Notes who has called, so that administrators find people by name."""

from collections.abc import Callable
from datetime import date, datetime

from functions.identity import Caller
from shared import log
from shared.domain.errors import ServiceError
from shared.domain.ids import TenantId, UserId
from shared.domain.users import KnownUser
from shared.storage.users import UserStore

_MOST_REMEMBERED = 20_000


class NotedUsers:
    """Writes at most once a day for each person, and whenever they are named otherwise than before."""

    def __init__(self, store: UserStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._noted: dict[tuple[TenantId, UserId], KnownUser] = {}

    def note(self, caller: Caller) -> None:
        """Notes the caller. No request fails for it."""
        place, today = (caller.tenant, caller.user), self._clock().date()
        if _is_as(self._noted.get(place), caller, today):
            return
        user = KnownUser(caller.user, caller.name, caller.email, today)
        try:
            if not _is_as(self._store.get(*place), caller, today):
                self._store.put(caller.tenant, user)
        except ServiceError as error:
            log.warning("user not noted", code=error.code, detail=error.detail)
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[place] = user


def _is_as(known: KnownUser | None, caller: Caller, today: date) -> bool:
    return known is not None and (known.name, known.email, known.last_seen) == (
        caller.name,
        caller.email,
        today,
    )
